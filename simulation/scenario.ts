/** What lands, and what the pipeline is deployed with. */
import { Random } from './random';
import { DAY, HOUR, SECOND } from './weather';
import { IntakeName } from '../src/contract/file-keys';
import { JobContract, sealContract } from '../src/contract/job-contract';
import { Schema } from '../src/spec/schema';

const ID_AND_TEXT: Schema = { fields: [{ name: 'id', type: 'integer' }, { name: 'text' }] };
/** The same files, published otherwise: `"5"` where the other says `5`. */
const ID_AS_TEXT: Schema = { fields: [{ name: 'id', type: 'string' }, { name: 'text' }] };
const KEYED: Schema = { ...ID_AND_TEXT, primaryKey: 'id' };

const PREFIXES = { processed: 'processed/', failed: 'failed/', output: 'output/', quarantine: 'quarantine/', reports: 'reports/', work: 'work/' };
const OTHER_PREFIXES = { processed: 'done/', failed: 'bad/', output: 'out/', quarantine: 'rejects/', reports: 'told/', work: 'tmp/' };

export const INCOMING = 'incoming/';

export interface Scenario {
  readonly name: string;
  readonly contract: JobContract;
  /** Deployed later, in a run with deployments. */
  readonly laterContracts: readonly JobContract[];
  readonly file: string;
  /** Starts of the chunks that PlanChunks is to have guessed, in place of what it found. */
  readonly guessedStarts?: readonly number[];
}

function contractOf(resumeWindowSeconds: number, changes: Partial<JobContract> = {}): JobContract {
  return sealContract({
    pipelineId: 'Stack/Pipeline',
    schema: ID_AND_TEXT,
    dialect: {},
    input: { maxDecodedSizeBytes: 1024 * 1024 },
    chunkSizeBytes: 64,
    maxRecordSizeBytes: 1024,
    resumeWindowSeconds,
    longestJobSeconds: resumeWindowSeconds + 2 * HOUR / SECOND,
    chunkItemsExpireAfterSeconds: 7 * DAY / SECOND,
    prefixes: PREFIXES,
    metricsNamespace: 'Simulation',
    ...changes,
  });
}

/** Records of one line, all valid but those in `bad`. */
function csv(records: number, bad: readonly number[] = []): string {
  const rows = Array.from({ length: records }, (_, index) => `${bad.includes(index) ? 'none' : index},record ${index}`);
  return ['id,text', ...rows, ''].join('\n');
}

const ALL_BAD = csv(24, Array.from({ length: 24 }, (_, index) => index));
/** Lines within quotes that look like records. */
const TRAP = 'id,text\n1,"a\n2,b\n3,c"\n4,d\n5,"e\n6,f\n7,g"\n1,h\n4,i\n';
const DUPLICATES = 'id,text\n' + [1, 2, 3, 1, 3, 6, 7, 8, 2].map((id, index) => `${id},${`row ${index} `.repeat(5)}\n`).join('');

export function scenarioOf(random: Random): Scenario {
  const window = random.pick([3 * DAY, 3 * DAY, HOUR]) / SECOND;
  const later = [
    contractOf(window, { schema: ID_AS_TEXT }),
    contractOf(window, { schema: ID_AS_TEXT, chunkSizeBytes: 100, prefixes: OTHER_PREFIXES, maxRejectedRecords: 24, allowEmptyOutput: true }),
  ];
  const laterContracts = random.chance(0.5) ? later : [...later].reverse();
  return random.pick<() => Scenario>([
    () => ({ name: 'a file that is published', contract: contractOf(window), laterContracts, file: csv(20) }),
    () => ({ name: 'a file with some rejects', contract: contractOf(window, { maxRejectedRecords: 3 }), laterContracts, file: csv(20, [2, 3, 17]) }),
    () => ({ name: 'a file with too many rejects', contract: contractOf(window), laterContracts, file: csv(20, [12]) }),
    () => ({ name: 'a file in which everything is bad', contract: contractOf(window), laterContracts, file: ALL_BAD }),
    () => ({ name: 'a file with another header', contract: contractOf(window), laterContracts, file: csv(3).replace('text', 'name') }),
    () => ({ name: 'a file with duplicate keys', contract: contractOf(window, { schema: KEYED, maxRejectedRecords: 3 }), laterContracts: [], file: DUPLICATES }),
    () => ({
      name: 'a file with wrong guesses and duplicate keys',
      contract: contractOf(window, { schema: KEYED, maxRejectedRecords: 2, chunkSizeBytes: 20 }),
      laterContracts: [],
      file: TRAP,
      guessedStarts: [0, TRAP.indexOf('2,b'), TRAP.indexOf('6,f'), TRAP.indexOf('1,h')],
    }),
  ])();
}

export function intakeOf(random: Random): IntakeName {
  return random.pick(['events', 'events', 'events', 'queue', 'queue', 'manual']);
}

/** Other bytes for the same key. */
export function otherFile(random: Random): string {
  return csv(5 + random.below(8));
}

/** What is in the intake queue and about no file of the pipeline. */
export function strangerOf(random: Random): string {
  return random.pick([
    'not an event',
    JSON.stringify({ 'source': 'aws.s3', 'detail-type': 'Object Deleted', 'detail': { bucket: { name: 'landing' }, object: { key: `${INCOMING}a.csv` } } }),
    JSON.stringify({ 'source': 'aws.s3', 'detail-type': 'Object Created', 'detail': { bucket: { name: 'landing' }, object: { key: `${INCOMING}a.txt` } } }),
  ]);
}
