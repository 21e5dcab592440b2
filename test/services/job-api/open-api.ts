/** docs/job-api.openapi.yaml, to hold requests and answers to. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv, { ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';

export const OPEN_API_FILE = join(__dirname, '..', '..', '..', 'docs', 'job-api.openapi.yaml');

interface Operation {
  readonly parameters?: ReadonlyArray<{ readonly name?: string; readonly in?: string; readonly $ref?: string; readonly schema?: object }>;
  readonly responses: Readonly<Record<string, object>>;
}

interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, object>>>>;
}

export const OPEN_API = parse(readFileSync(OPEN_API_FILE, 'utf8')) as OpenApi;

const ajv = new Ajv({ allErrors: true });
addFormats(ajv);
// Words of OpenAPI that say nothing of what is valid.
ajv.addVocabulary(['components', 'example', 'discriminator']);
ajv.addSchema({ $id: 'api', components: { schemas: OPEN_API.components.schemas } });

const validators = new Map<object, ValidateFunction>();

/** What is wrong with a value; empty: nothing. */
function faultsOf(schema: object, value: unknown): string[] {
  let validate = validators.get(schema);
  if (validate === undefined) {
    validate = ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/components/schemas/', '"api#/components/schemas/')) as object);
    validators.set(schema, validate);
  }
  return validate(value) ? [] : (validate.errors ?? []).map(({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`);
}

/** Routes with each status that the document has for them. */
export function documentedAnswers(): string[] {
  return Object.entries(OPEN_API.paths).flatMap(([path, operations]) => Object.entries(operations).flatMap(([method, { responses }]) => (
    Object.keys(responses).map((status) => `${method.toUpperCase()} ${path} ${status}`)
  )));
}

/** @returns which of the documented answers it is, and what is wrong with it */
export function checkAnswer(method: string, path: string, statusCode: number, body: unknown): { readonly answer: string; readonly faults: string[] } {
  const responses = OPEN_API.paths[path]?.[method.toLowerCase()]?.responses ?? {};
  const status = String(statusCode) in responses ? String(statusCode) : 'default';
  const answer = `${method} ${path} ${status}`;
  const schema = schemaOf(responses[status]);
  return { answer, faults: schema === undefined ? [`${answer} is not documented`] : faultsOf(schema, body) };
}

export function requestFaults(body: unknown): string[] {
  return faultsOf({ $ref: '#/components/schemas/TriggerRequest' }, body);
}

function schemaOf(response: object | undefined): object | undefined {
  const { $ref, content } = (response ?? {}) as { $ref?: string; content?: Record<string, { schema: object }> };
  return $ref === undefined ? content?.['application/json'].schema : schemaOf(OPEN_API.components.responses[$ref.split('/').at(-1)!]);
}

export function refusedCodes(): string[] {
  const { properties } = OPEN_API.components.schemas.RefusedBody as { properties: { error: { properties: { code: { enum: string[] } } } } };
  return properties.error.properties.code.enum;
}
