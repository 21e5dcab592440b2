import { setTimeout as sleep } from 'node:timers/promises';
import {
  ConditionalCheckFailedException, DynamoDBClient, DynamoDBServiceException, TransactionCanceledException, TransactionConflictException,
} from '@aws-sdk/client-dynamodb';
import {
  DynamoDBDocumentClient, GetCommand, paginateQuery, PutCommand, QueryCommandInput, TransactWriteCommand, TransactWriteCommandInput, UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { attributeNames, ItemUpdate, updateExpression } from './update-expression';
import { PARTITION_KEY, SORT_KEY } from '../contract/job-item';

const FIRST_DELAY_MILLISECONDS = 25;
const LONGEST_DELAY_MILLISECONDS = 4_000;
/** Why a write did not take place: its condition does not hold. */
const REFUSED = 'ConditionalCheckFailed';
/** Why a transaction did not take place although another try may. The SDK tries no transaction again. */
const CONFLICTS = ['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded'];

/** The client itself has tried ten times when it tells of these. */
const BUSY_ERRORS = ['ProvisionedThroughputExceededException', 'ThrottlingException', 'RequestLimitExceeded', 'TimeoutError'];

/** What every item of the table has. */
export interface ItemKey {
  readonly [PARTITION_KEY]: string;
  readonly [SORT_KEY]: string;
}

export function itemKey(partition: string, sortKey: string): ItemKey {
  return { [PARTITION_KEY]: partition, [SORT_KEY]: sortKey };
}

export type Write = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

export interface Query {
  /** @default - the table itself, strongly consistent */
  readonly index?: string;
  readonly key: string;
  readonly values: Readonly<Record<string, unknown>>;
  /** @default - all that there are, as many a page as DynamoDB gives */
  readonly page?: QueryPage;
}

export interface QueryPage {
  /** How many items are read at a time. */
  readonly size: number;
  /** The greatest sort key comes first. */
  readonly isDescending: boolean;
  /** All keys of the item behind which the reading begins, those of the index too. */
  readonly after?: Readonly<Record<string, unknown>>;
}

/** A client that stores no attribute that is undefined. */
export function documentClient(dynamo: DynamoDBClient): DynamoDBDocumentClient {
  return DynamoDBDocumentClient.from(dynamo, { marshallOptions: { removeUndefinedValues: true } });
}

/** One DynamoDB table: reads, conditional writes and queries. What the items mean is up to the caller. */
export class DynamoTable {
  constructor(private readonly dynamo: DynamoDBDocumentClient, private readonly name: string) {}

  async get<T>(key: ItemKey): Promise<T | undefined> {
    const { Item } = await this.dynamo.send(new GetCommand({ TableName: this.name, Key: key, ConsistentRead: true }));
    return Item as T | undefined;
  }

  async put(item: ItemKey): Promise<void> {
    await this.dynamo.send(new PutCommand(this.putOf(item)));
  }

  /**
   * @param patienceMs for so long it waits for a table that is busy, also where a write may have taken place without an answer;
   *   default: no longer than the client does
   * @returns the item as it is now; undefined when the condition does not hold
   */
  async update<T>(key: ItemKey, update: ItemUpdate, patienceMs?: number): Promise<T | undefined> {
    const command = new UpdateCommand({ ...updateExpression(update), Key: key, TableName: this.name, ReturnValues: 'ALL_NEW' });
    const patience = patienceMs === undefined ? FOR_CONFLICTS : { milliseconds: patienceMs, passes: isConflictOrBusy };
    return patiently<T | undefined>(async () => (await this.dynamo.send(command)).Attributes as T, () => undefined, patience);
  }

  /** A write of a transaction: puts an item that is not there yet. */
  creation(item: ItemKey): Write {
    const condition = `attribute_not_exists(#${PARTITION_KEY})`;
    return { Put: { ...this.putOf(item), ConditionExpression: condition, ExpressionAttributeNames: attributeNames(condition) } };
  }

  /** A write of a transaction: puts an item whose key no other has. */
  addition(item: ItemKey): Write {
    return { Put: this.putOf(item) };
  }

  /** A write of a transaction. */
  change(key: ItemKey, update: ItemUpdate): Write {
    return { Update: { ...updateExpression(update), Key: key, TableName: this.name } };
  }

  /** A part of a transaction that writes nothing: the others take place only if this holds. */
  check(key: ItemKey, condition: string, values: Readonly<Record<string, unknown>>): Write {
    return {
      ConditionCheck: {
        TableName: this.name,
        Key: key,
        ConditionExpression: condition,
        ExpressionAttributeNames: attributeNames(condition),
        ExpressionAttributeValues: values,
      },
    };
  }

  /**
   * All of the writes or none. When an answer is lost the SDK sends the same token again, so that the second one finds
   * out that the first one took place.
   *
   * @returns the places of those whose condition does not hold; none: all have taken place
   */
  async transact(writes: readonly Write[]): Promise<readonly number[]> {
    return patiently<readonly number[]>(async () => {
      await this.dynamo.send(new TransactWriteCommand({ TransactItems: [...writes] }));
      return [];
    }, (reasons) => reasons.flatMap((reason, place) => reason === REFUSED ? [place] : []), FOR_CONFLICTS);
  }

  /** The items of one partition whose sort key begins with the prefix, in the order of their sort keys. */
  items<T>(partition: string, sortKeyPrefix: string): AsyncIterable<T> {
    return this.query<T>({
      key: `#${PARTITION_KEY} = :partition AND begins_with(#${SORT_KEY}, :prefix)`,
      values: { ':partition': partition, ':prefix': sortKeyPrefix },
    });
  }

  async* query<T>({ index, key, values, page: wanted }: Query): AsyncIterable<T> {
    const input: QueryCommandInput = {
      TableName: this.name,
      IndexName: index,
      KeyConditionExpression: key,
      ExpressionAttributeNames: attributeNames(key),
      ExpressionAttributeValues: values,
      ConsistentRead: index === undefined,
      ScanIndexForward: wanted?.isDescending !== true,
    };
    const paging = { client: this.dynamo, pageSize: wanted?.size, startingToken: wanted?.after };
    for await (const page of paginateQuery(paging, input)) yield* (page.Items ?? []) as T[];
  }

  private putOf(item: ItemKey) {
    return { TableName: this.name, Item: item };
  }
}

/** For how long a write is tried again, and after which errors. */
interface Patience {
  readonly milliseconds: number;
  passes(error: unknown): boolean;
}

/** A write conflicts with a transaction, or a transaction with a write: it is sure that it did not take place. */
const FOR_CONFLICTS: Patience = { milliseconds: 30_000, passes: isConflict };

function isConflict(error: unknown): boolean {
  return reasonsOf(error).some((reason) => CONFLICTS.includes(reason));
}

/** Or DynamoDB is at a limit of its own or of the table, or fails. */
function isConflictOrBusy(error: unknown): boolean {
  const { name, $fault } = error as Partial<DynamoDBServiceException>;
  return isConflict(error) || BUSY_ERRORS.includes(name ?? '') || $fault === 'server';
}

/** @param refused what comes of it when a condition does not hold */
async function patiently<T>(write: () => Promise<T>, refused: (reasons: readonly string[]) => T, patience: Patience): Promise<T> {
  const deadline = Date.now() + patience.milliseconds;
  for (let tries = 1; ; tries++) {
    try {
      return await write();
    } catch (error) {
      const reasons = reasonsOf(error);
      if (reasons.includes(REFUSED)) return refused(reasons);
      const left = deadline - Date.now();
      if (left <= 0 || !patience.passes(error)) throw error;
      await sleep(Math.min(Math.random() * Math.min(FIRST_DELAY_MILLISECONDS * 2 ** tries, LONGEST_DELAY_MILLISECONDS), left));
    }
  }
}

/** Why a write did not take place: of a transaction as many reasons as it has writes, most of them `None`. */
function reasonsOf(error: unknown): string[] {
  if (error instanceof ConditionalCheckFailedException) return [REFUSED];
  // A single write, to an item that a transaction is writing.
  if (error instanceof TransactionConflictException) return ['TransactionConflict'];
  return error instanceof TransactionCanceledException ? (error.CancellationReasons ?? []).map(({ Code = '' }) => Code) : [];
}
