/**
 * The stack in Terraform itself. The AWS provider and an account are not needed: a stub stands in for the provider,
 * with the schemas of the provider's bindings. What AWS itself would say to a value is not known here.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { CreateTableCommand, DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { BucketLocationConstraint, CreateBucketCommand, GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { evaluateTemplate, Place } from './evaluated-template';
import { buildStubProvider, obstacleToStubProvider, STUB_ACCOUNT, STUB_ADDRESS, STUB_VERSION } from './stub-provider/provider';
import { addresses, Configuration, Json, managed, Plan, State, Validation } from './stub-provider/terraform-json';
import { ended, Workspace } from './stub-provider/workspace';
import { DESTROYABLE, KEPT, OPEN, SETTINGS, Synthesized, synthesize } from './synthesized';
import { describeUnless } from './where-terraform-is';
import { Emulator } from '../../emulator/emulator';
import { PIPELINE_ADDRESS_ENV } from '../../src/contract/env';
import { Deployment } from '../lib/deployment';

const describeWithTerraform = describeUnless(obstacleToStubProvider(), 'the stack in Terraform itself');

jest.setTimeout(120_000);

/** On the first run it compiles, or installs, what later ones find. */
const PREPARATION_TIMEOUT_MS = 5 * 60_000;

const FORMS: Array<{ form: string; deployment: Deployment; variables: Record<string, string>; place: Place }> = [
  {
    form: 'that keeps its data',
    deployment: KEPT,
    variables: {},
    place: { region: SETTINGS.region, accountId: SETTINGS.accountId, parameters: {} },
  },
  {
    form: 'whose region and e-mail address are variables',
    deployment: OPEN,
    variables: { region: 'eu-north-1', failure_email: 'on-call@example.com' },
    place: { region: 'eu-north-1', accountId: STUB_ACCOUNT, parameters: { FailureEmail: 'on-call@example.com' } },
  },
];

/** What is compared of each resource: the attribute of Terraform, and what gives it in CloudFormation. */
const COMPARED: Array<[type: string, resource: string, attributes: Record<string, (properties: Json) => unknown>]> = [
  ['AWS::StepFunctions::StateMachine', 'aws_sfn_state_machine', { definition: (p) => p.DefinitionString, role_arn: (p) => p.RoleArn }],
  ['AWS::IAM::Role', 'aws_iam_role', { assume_role_policy: (p) => p.AssumeRolePolicyDocument }],
  ['AWS::IAM::Policy', 'aws_iam_role_policy', { policy: (p) => p.PolicyDocument, role: (p) => p.Roles[0] }],
  ['AWS::S3::BucketPolicy', 'aws_s3_bucket_policy', { policy: (p) => p.PolicyDocument, bucket: (p) => p.Bucket }],
  ['AWS::SQS::Queue', 'aws_sqs_queue', { redrive_policy: (p) => p.RedrivePolicy }],
  ['AWS::SQS::QueuePolicy', 'aws_sqs_queue_policy', { policy: (p) => p.PolicyDocument, queue_url: (p) => p.Queues[0] }],
  ['AWS::SNS::TopicPolicy', 'aws_sns_topic_policy', { policy: (p) => p.PolicyDocument, arn: (p) => p.Topics[0] }],
  ['AWS::SNS::Subscription', 'aws_sns_topic_subscription', { topic_arn: (p) => p.TopicArn, endpoint: (p) => p.Endpoint }],
  ['AWS::Lambda::Function', 'aws_lambda_function', { environment: (p) => [{ variables: p.Environment.Variables }], role: (p) => p.Role }],
  ['AWS::Lambda::EventInvokeConfig', 'aws_lambda_function_event_invoke_config', { function_name: (p) => p.FunctionName, qualifier: (p) => p.Qualifier }],
  ['AWS::Lambda::Permission', 'aws_lambda_permission', { source_arn: (p) => p.SourceArn }],
  ['AWS::Events::Rule', 'aws_cloudwatch_event_rule', { event_pattern: (p) => p.EventPattern }],
  ['AWS::CloudWatch::Alarm', 'aws_cloudwatch_metric_alarm', {
    alarm_actions: (p) => p.AlarmActions,
    dimensions: (p) => p.Dimensions && Object.fromEntries(p.Dimensions.map((dimension: Json) => [dimension.Name, dimension.Value])),
  }],
];

describeWithTerraform('the stack in Terraform', () => {
  const workspaces: Workspace[] = [];
  const synthesized = new Map<Deployment, Synthesized>();
  let mirror: string;

  function stackOf(deployment: Deployment): Synthesized {
    if (!synthesized.has(deployment)) synthesized.set(deployment, synthesize(deployment));
    return synthesized.get(deployment)!;
  }

  /** Before `terraform init`. */
  function copyOf(deployment: Deployment): Workspace {
    const workspace = new Workspace(stackOf(deployment).directory, mirror);
    workspaces.push(workspace);
    return workspace;
  }

  /** With the state in a local file. */
  async function initialized(deployment: Deployment): Promise<Workspace> {
    const workspace = copyOf(deployment);
    workspace.override('backend', { terraform: { backend: { local: {} } } });
    await workspace.succeed('init');
    return workspace;
  }

  beforeAll(async () => {
    mirror = await buildStubProvider();
  }, PREPARATION_TIMEOUT_MS);

  afterAll(() => workspaces.forEach((workspace) => workspace.remove()));

  describe('that can be deleted with all that it holds', () => {
    let stack: Workspace;
    let state: State;

    const texts = () => managed(state).flatMap(({ address, values }) => strings(values).map(([at, text]) => ({ at: `${address}${at}`, text })));

    beforeAll(async () => {
      stack = await initialized(DESTROYABLE);
    });

    test('takes the version of the provider that its bindings were generated from', () => {
      const lock = fs.readFileSync(path.join(stack.directory, '.terraform.lock.hcl'), 'utf8');
      expect(lock).toContain(`provider "${STUB_ADDRESS}"`);
      expect(lock).toMatch(new RegExp(`version\\s+= "${STUB_VERSION}"`));
    });

    // The bindings do not say what is deprecated, so the stub does not either: see tap-stack.test.ts.
    test('is valid by the schemas of the bindings', async () => {
      expect(await stack.json<Validation>('validate', '-json')).toMatchObject({ valid: true, diagnostics: [] });
    });

    test('is planned as the resources of cdk.tf.json, each of them new', async () => {
      await stack.succeed('plan', '-out=plan');
      const { resource_changes: changes } = await stack.json<Plan>('show', '-json', 'plan');
      expect(changes.map(({ address }) => address).sort()).toEqual(addresses(stack.read()));
      expect(new Set(changes.flatMap(({ change }) => change.actions))).toEqual(new Set(['create']));
    });

    test('is applied', async () => {
      await stack.succeed('apply', 'plan');
      state = await stack.json<State>('show', '-json');
      expect(managed(state).map(({ address }) => address).sort()).toEqual(addresses(stack.read()));
      expect(Object.keys(state.values.outputs).sort()).toEqual(Object.keys(stack.read().output ?? {}).sort());
    });

    test('is found by the operator\'s commands, by the name of a function that `terraform output` tells', () => {
      const outputs = Object.fromEntries(Object.entries(state.values.outputs).map(([name, { value }]) => [name, value as string]));
      const { values } = managed(state, 'aws_lambda_function').find(({ values: { function_name: name } }) => name === outputs.sweep_function)!;
      const [{ variables }] = values.environment as Array<{ readonly variables: Record<string, string> }>;
      expect(Object.fromEntries(PIPELINE_ADDRESS_ENV.map((name) => [name, variables[name]]))).toEqual({
        PIPELINE_ID: 'Tap/Payments-test',
        JOB_TABLE_NAME: outputs.job_table,
        STATE_MACHINE_ARN: outputs.state_machine_arn,
        DEAD_LETTER_QUEUE_URL: outputs.dead_letter_queue_url,
      });
    });

    test('has nothing to change after that', async () => {
      // 0 is said of a plan without a change alone.
      expect((await stack.terraform('plan', '-detailed-exitcode')).status).toBe(0);
    });

    test('makes the next permission to call a version before it takes back the last one', async () => {
      const permissions = addresses(stack.read()).filter((address) => address.startsWith('aws_lambda_permission.'));
      expect(permissions.length).toBeGreaterThan(0);
      await stack.succeed('plan', '-out=replacement', ...permissions.map((address) => `-replace=${address}`));
      const { resource_changes: changes } = await stack.json<Plan>('show', '-json', 'replacement');
      const replaced = changes.filter(({ change }) => change.actions.includes('delete'));
      expect(replaced.map(({ address, change }) => [address, ...change.actions])).toEqual(permissions.map((address) => [address, 'create', 'delete']));
    });

    test('has no expression left in what was applied, and its JSON texts are JSON', () => {
      expect(texts().filter(({ text }) => /\$\{|%\{/.test(text))).toEqual([]);
      const documents = texts().filter(({ text }) => /^\s*[{[]/.test(text));
      expect(documents.length).toBeGreaterThan(0);
      expect(documents.filter(({ text }) => !isJson(text))).toEqual([]);
    });

    test('names in its ARNs only what it has made', () => {
      const own = managed(state).flatMap(({ values }) => [values.arn, values.qualified_arn]).filter((arn): arn is string => typeof arn === 'string');
      const named = texts().flatMap(({ at, text }) => arnsIn(text).map((arn) => ({ at, arn })));
      expect(named.length).toBeGreaterThan(own.length);
      expect(named.filter(({ arn }) => !own.some((made) => isWithin(arn, made)))).toEqual([]);
    });

    test('has the files that its functions are made of', () => {
      const files = managed(state, 'aws_lambda_function').map(({ values }) => values.filename as string);
      expect(files.length).toBeGreaterThan(0);
      expect(files.filter((file) => !fs.existsSync(path.resolve(stack.directory, file)))).toEqual([]);
    });

    test('is destroyed to the last resource', async () => {
      await stack.succeed('destroy', '-auto-approve');
      expect(await stack.succeed('state', 'list')).toBe('');
    });
  });

  describe.each(FORMS)('$form', ({ deployment, variables, place }) => {
    let stack: Workspace;
    let template: Json;
    let state: State;

    const templateResources = (wanted: string) => evaluateTemplate(template, place).filter(({ type }) => type === wanted);

    beforeAll(async () => {
      ({ template } = stackOf(deployment));
      stack = await initialized(deployment);
      fs.writeFileSync(path.join(stack.directory, 'given.auto.tfvars.json'), JSON.stringify(variables));
      await stack.succeed('apply', '-auto-approve');
      state = await stack.json<State>('show', '-json');
    });

    test('takes exactly the variables that are given here', () => {
      expect(Object.keys(stack.read().variable ?? {}).sort()).toEqual(Object.keys(variables).sort());
    });

    test.each(COMPARED)('has what CloudFormation would make of each %s', (type, resource, attributes) => {
      // What the template does not say is left to AWS.
      const expected = Object.fromEntries(templateResources(type).map(({ logicalId, properties }) => [
        `${resource}.${logicalId}`, mapDefined(attributes, (_, property) => parsed(property(properties))),
      ]));
      const made = Object.fromEntries(managed(state, resource).map(({ address, values }) => [
        address, mapDefined(expected[address] ?? {}, (name) => parsed(values[name])),
      ]));
      expect(Object.keys(expected)).not.toEqual([]);
      expect(made).toEqual(expected);
    });

    test('sends what a rule matches where CloudFormation would', () => {
      const expected = templateResources('AWS::Events::Rule').flatMap(({ properties }) => properties.Targets.map((target: Json) => (
        { rule: properties.Name, arn: target.Arn, role: target.RoleArn ?? null, deadLetters: target.DeadLetterConfig.Arn })));
      const made = managed(state, 'aws_cloudwatch_event_target').map(({ values }) => (
        { rule: values.rule, arn: values.arn, role: values.role_arn, deadLetters: values.dead_letter_config[0].arn }));
      expect(made.length).toBeGreaterThan(0);
      expect(made).toEqual(expect.arrayContaining(expected));
      expect(made).toHaveLength(expected.length);
    });

    test('is not destroyed: Terraform names what it keeps, and leaves all as it is', async () => {
      const kept = Object.entries(stack.read().resource).flatMap(([type, resources]) => Object.entries(resources)
        .filter(([, resource]) => resource.lifecycle?.prevent_destroy === true).map(([name]) => `${type}.${name}`));
      const before = await stack.succeed('state', 'list');

      const { status, output } = await stack.terraform('destroy', '-auto-approve');

      expect(status).toBe(1);
      const named = [...output.replace(/\s+/g, ' ').matchAll(/Resource (\S+) has lifecycle\.prevent_destroy set/g)].map(([, address]) => address);
      // A resource that could only go after one that is kept is not named.
      expect(kept).toEqual(expect.arrayContaining(named));
      const types = named.map((address) => address.split('.')[0]);
      expect(types).toEqual(expect.arrayContaining(['aws_s3_bucket', 'aws_dynamodb_table', 'aws_cloudwatch_log_group']));
      expect(await stack.succeed('state', 'list')).toBe(before);
    });

    test('is destroyed without what it keeps, when that is taken out of the state as the README says', async () => {
      const [, pattern] = /terraform state list \| grep -E '([^']+)'/.exec(fs.readFileSync(path.join(__dirname, '../release/README.md'), 'utf8'))!;
      const resources = (await stack.succeed('state', 'list')).trim().split('\n');
      await stack.succeed('state', 'rm', ...resources.filter((address) => new RegExp(pattern).test(address)));

      const output = await stack.succeed('destroy', '-auto-approve');

      // What belongs to the bucket stays too: without them it would have no versions, and could be made public.
      expect(output).not.toContain('aws_s3_bucket');
      expect(await stack.succeed('state', 'list')).toBe('');
    });
  });

  test('that is shipped is destroyed with its data by what the README says', async () => {
    const stack = await initialized(OPEN);
    fs.writeFileSync(path.join(stack.directory, 'given.auto.tfvars.json'), JSON.stringify({ region: 'eu-central-1', failure_email: 'data-team@example.com' }));
    await stack.succeed('apply', '-auto-approve');
    const [, lines] = /```sh\n(sed [^]*?)```/.exec(fs.readFileSync(path.join(__dirname, '../release/README.md'), 'utf8'))!;

    expect(await stack.shell(lines)).toEqual({ status: 0, output: '' });
    await stack.succeed('apply', '-auto-approve');

    const [bucket] = managed(await stack.json<State>('show', '-json'), 'aws_s3_bucket');
    expect(bucket.values.force_destroy).toBe(true);
    await stack.succeed('destroy', '-auto-approve');
    expect(await stack.succeed('state', 'list')).toBe('');
  });

  test('that keeps its data is destroyed once it was applied as one that can be deleted', async () => {
    const stack = await initialized(KEPT);
    await stack.succeed('apply', '-auto-approve');

    stack.write(copyOf(DESTROYABLE).read());
    await stack.succeed('plan', '-out=plan');
    const { resource_changes: changes } = await stack.json<Plan>('show', '-json', 'plan');
    const changed = changes.filter(({ change }) => !change.actions.includes('no-op')).map(({ address, change }) => [address.split('.')[0], ...change.actions]);
    expect(changed).toEqual([['aws_s3_bucket', 'update']]);
    await stack.succeed('apply', 'plan');
    await stack.succeed('destroy', '-auto-approve');
    expect(await stack.succeed('state', 'list')).toBe('');
  });

  test('whose region and e-mail address are variables is not planned without them: Terraform names each', async () => {
    const stack = await initialized(OPEN);
    const { status, output } = await stack.terraform('plan', '-input=false');
    expect(status).toBe(1);
    for (const variable of ['region', 'failure_email']) expect(output).toContain(`"${variable}" is not set`);
  });

  test.each([
    ['region', '', 'The region must be one of AWS, such as us-east-1.'],
    ['region', 'us-east-1a', 'The region must be one of AWS, such as us-east-1.'],
    ['failure_email', '', 'failure_email must be an e-mail address, such as data-team@example.com.'],
    ['failure_email', 'data team@example.com', 'failure_email must be an e-mail address, such as data-team@example.com.'],
  ])('whose variable %s is %j is not planned: Terraform says what it must be', async (variable, value, message) => {
    const stack = await initialized(OPEN);
    const given = { region: 'us-gov-west-1', failure_email: 'data-team@example.com', [variable]: value };
    const { status, output } = await stack.terraform('plan', '-input=false', ...Object.entries(given).flatMap((pair) => ['-var', pair.join('=')]));
    expect([status, output.replace(/\s+/g, ' ')]).toEqual([1, expect.stringContaining(message)]);
    expect(output.match(/Error: /g)).toHaveLength(1);
  });

  describe('with a fault in it', () => {
    let stack: Workspace;
    let sound: Configuration;

    /** What Terraform says when `change` was made to the stack. */
    async function complaints(change: (configuration: Configuration) => void): Promise<string[]> {
      const configuration = structuredClone(sound);
      change(configuration);
      stack.write(configuration);
      const { output } = await stack.terraform('validate', '-json');
      const { diagnostics } = JSON.parse(output) as Validation;
      return diagnostics.map(({ summary, detail, snippet }) => `${snippet?.context}: ${summary}: ${detail}`);
    }

    beforeAll(async () => {
      stack = await initialized(DESTROYABLE);
      sound = stack.read();
    });

    test('fails for an attribute that the type does not have, whatever the type', async () => {
      // Each stands alone: what refers to a resource with a fault is not looked at.
      const found = await complaints((configuration) => {
        for (const type of Object.keys(configuration.resource)) configuration.resource[type] = { Alone: { no_such_attribute: 'x' } };
        delete configuration.output;
      });
      for (const type of Object.keys(sound.resource)) {
        expect(found).toContainEqual(expect.stringMatching(`^resource\\.${type}\\.Alone: .*"no_such_attribute"`));
      }
    });

    test('fails for an attribute whose name is misspelt in a block', async () => {
      const found = await complaints((configuration) => {
        const alarms = Object.values(configuration.resource.aws_cloudwatch_metric_alarm);
        alarms.find(({ metric_query: queries }) => queries !== undefined)!.metric_query[0].retrun_data = true;
      });
      expect(found).toEqual([expect.stringMatching(/"retrun_data"/)]);
    });

    test('fails for a required attribute that is taken away', async () => {
      const found = await complaints((configuration) => {
        const [machine] = Object.values(configuration.resource.aws_sfn_state_machine);
        delete machine.role_arn;
      });
      expect(found).toEqual([expect.stringContaining('The argument "role_arn" is required')]);
    });

    test('fails for a reference to a resource that is not there', async () => {
      const found = await complaints((configuration) => {
        const [rule] = Object.values(configuration.resource.aws_cloudwatch_event_target);
        rule.arn = '${aws_sfn_state_machine.NoSuchMachine.arn}';
      });
      expect(found).toEqual([expect.stringContaining('"aws_sfn_state_machine" "NoSuchMachine"')]);
    });

    test('fails for a reference to an attribute that the resource does not have', async () => {
      const [machine] = Object.keys(sound.resource.aws_sfn_state_machine);
      const found = await complaints((configuration) => {
        const [rule] = Object.values(configuration.resource.aws_cloudwatch_event_target);
        rule.arn = `\${aws_sfn_state_machine.${machine}.ref}`;
      });
      expect(found).toEqual([expect.stringContaining('has no argument, nested block, or exported attribute named "ref"')]);
    });

    test('fails for a value of another type', async () => {
      const found = await complaints((configuration) => {
        const [fn] = Object.values(configuration.resource.aws_lambda_function);
        fn.timeout = 'long';
      });
      expect(found).toEqual([expect.stringMatching(/Inappropriate value for attribute "timeout": a number is required/)]);
    });
  });

  describe('with its state in S3 and its lock in DynamoDB', () => {
    let emulator: Emulator;
    let stack: Workspace;
    let s3: S3Client;
    let dynamodb: DynamoDBClient;

    const { bucket, key, region, dynamodbTable: table } = SETTINGS.backend;
    const init = (workspace: Workspace, ...backendConfig: string[]) => {
      const { accessKeyId, secretAccessKey } = emulator.clientConfig.credentials;
      fs.writeFileSync(path.join(workspace.directory, 'emulator.s3.tfbackend'), `
        endpoints                   = { s3 = "${emulator.endpoint}", dynamodb = "${emulator.endpoint}" }
        access_key                  = "${accessKeyId}"
        secret_key                  = "${secretAccessKey}"
        use_path_style              = true
        skip_credentials_validation = true
        skip_metadata_api_check     = true
        skip_requesting_account_id  = true
      `);
      return workspace.succeed('init', ...['emulator.s3.tfbackend', ...backendConfig].map((config) => `-backend-config=${config}`));
    };
    const lockIds = async () => {
      const { Items: items } = await dynamodb.send(new ScanCommand({ TableName: table, ConsistentRead: true }));
      return items!.map(({ LockID: id }) => id.S);
    };

    beforeAll(async () => {
      emulator = await Emulator.start();
      stack = copyOf(DESTROYABLE);
      s3 = new S3Client({ ...emulator.clientConfig, region, forcePathStyle: true });
      dynamodb = new DynamoDBClient({ ...emulator.clientConfig, region });
      const location = { LocationConstraint: region as BucketLocationConstraint };
      await s3.send(new CreateBucketCommand({ Bucket: bucket, CreateBucketConfiguration: location }));
      await dynamodb.send(new CreateTableCommand({
        TableName: table,
        KeySchema: [{ AttributeName: 'LockID', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'LockID', AttributeType: 'S' }],
        BillingMode: 'PAY_PER_REQUEST',
      }));
      await init(stack);
    }, PREPARATION_TIMEOUT_MS);

    afterAll(async () => {
      s3?.destroy();
      dynamodb?.destroy();
      await emulator?.stop();
    });

    test('writes the state to the bucket, and none beside the stack', async () => {
      await stack.succeed('apply', '-auto-approve');
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      const { resources } = JSON.parse(await Body!.transformToString()) as { resources: Array<{ mode: string; type: string; name: string }> };
      const made = resources.filter(({ mode }) => mode === 'managed').map(({ type, name }) => `${type}.${name}`);
      expect(made.sort()).toEqual(addresses(stack.read()));
      expect(fs.readdirSync(stack.directory)).not.toContain('terraform.tfstate');
    });

    test('is found again from another copy of the stack, whose backend is given to `terraform init`', async () => {
      const other = copyOf(OPEN);
      await init(other, `bucket=${bucket}`, `key=${key}`, `region=${region}`, `dynamodb_table=${table}`);
      expect(await other.succeed('state', 'list')).toBe(await stack.succeed('state', 'list'));
    });

    test('refuses an apply while another command is under way, which gives the lock back when it ends', async () => {
      // It waits for an approval, and has the lock.
      const first = stack.start('destroy');
      const firstEnded = ended(first);
      await waitUntil(async () => (await lockIds()).includes(`${bucket}/${key}`));

      const second = await stack.terraform('apply', '-auto-approve');
      expect(second.status).toBe(1);
      expect(second.output).toContain('Error acquiring the state lock');
      expect(second.output).toMatch(/Operation: +OperationTypeApply/);

      first.stdin!.end('yes\n');
      expect((await firstEnded).output).toContain('Destroy complete!');
      // What is left is the checksum of the state.
      expect(await lockIds()).toEqual([`${bucket}/${key}-md5`]);
    });
  });
});

/** Without what becomes undefined. */
function mapDefined<Value>(object: Record<string, Value>, map: (name: string, value: Value) => unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, map(name, value)]).filter(([, mapped]) => mapped !== undefined));
}

/** A JSON document is compared as what it says. */
function parsed(value: unknown): unknown {
  return typeof value === 'string' && isJson(value) ? JSON.parse(value) : value;
}

/** Every text in a value, with where it stands. */
function strings(value: unknown, at = ''): Array<[at: string, text: string]> {
  if (typeof value === 'string') return [[at, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => strings(inner, `${at}.${key}`));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The ARNs in a text that are not AWS's own. */
function arnsIn(text: string): string[] {
  // A managed policy, a service integration of Step Functions, API Gateway's way to a function, the event bus that every account has.
  const ofAws = /^arn:aws:(iam::aws:|states:::|apigateway:|events:[^:]*:[^:]*:event-bus\/default$)/;
  return (text.match(/arn:aws:[^"\s]+/g) ?? []).filter((arn) => !ofAws.test(arn));
}

/** Whether an ARN is that of a resource, or of something in it: an object of a bucket, an execution of a state machine. */
function isWithin(arn: string, resource: string): boolean {
  const executions = resource.replace(':stateMachine:', ':execution:');
  return arn === resource || [resource, executions].some((start) => arn.startsWith(`${start}/`) || arn.startsWith(`${start}:`));
}

async function waitUntil(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!await condition()) {
    if (Date.now() > deadline) throw new Error('What was waited for did not come within 20 s.');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
