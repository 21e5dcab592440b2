import { setTimeout as sleep } from 'node:timers/promises';
import { ConditionalCheckFailedException, DynamoDBClient, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  DynamoDBDocumentClient, GetCommand, paginateQuery, PutCommand, QueryCommandInput, TransactWriteCommand, TransactWriteCommandInput, UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { attributeNames, ItemUpdate, updateExpression } from './update-expression';
import { PARTITION_KEY, SORT_KEY } from '../contract/job-item';

/** How often a transaction is tried that conflicts with another write. */
const MAX_TRIES = 5;
const FIRST_DELAY_MILLISECONDS = 25;

/** What every item of the table has. */
export interface ItemKey {
  readonly [PARTITION_KEY]: string;
  readonly [SORT_KEY]: string;
}

export function itemKey(partition: string, sortKey: string): ItemKey {
  return { [PARTITION_KEY]: partition, [SORT_KEY]: sortKey };
}

type Write = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

export interface Query {
  /** @default - the table itself, strongly consistent */
  readonly index?: string;
  readonly key: string;
  readonly filter?: string;
  readonly values: Readonly<Record<string, unknown>>;
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

  /** @returns the item as it is now; undefined when the condition does not hold */
  async update<T>(key: ItemKey, update: ItemUpdate): Promise<T | undefined> {
    const command = new UpdateCommand({ ...updateExpression(update), Key: key, TableName: this.name, ReturnValues: 'ALL_NEW' });
    try {
      return (await this.dynamo.send(command)).Attributes as T;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return undefined;
      throw error;
    }
  }

  /**
   * Creates the item and puts another one in the same transaction.
   *
   * @returns false when the item is there already
   */
  async create(item: ItemKey, beside: ItemKey): Promise<boolean> {
    const condition = `attribute_not_exists(#${PARTITION_KEY})`;
    return this.transact({
      Put: { ...this.putOf(item), ConditionExpression: condition, ExpressionAttributeNames: attributeNames(condition) },
    }, beside);
  }

  /**
   * Updates the item and puts another one in the same transaction.
   *
   * @returns false when the condition does not hold
   */
  async updateWith(key: ItemKey, update: ItemUpdate, beside: ItemKey): Promise<boolean> {
    return this.transact({ Update: { ...updateExpression(update), Key: key, TableName: this.name } }, beside);
  }

  /** The items of one partition whose sort key begins with the prefix, in the order of their sort keys. */
  items<T>(partition: string, sortKeyPrefix: string): AsyncIterable<T> {
    return this.query<T>({
      key: `#${PARTITION_KEY} = :partition AND begins_with(#${SORT_KEY}, :prefix)`,
      values: { ':partition': partition, ':prefix': sortKeyPrefix },
    });
  }

  async* query<T>({ index, key, filter, values }: Query): AsyncIterable<T> {
    const input: QueryCommandInput = {
      TableName: this.name,
      IndexName: index,
      KeyConditionExpression: key,
      FilterExpression: filter,
      ExpressionAttributeNames: attributeNames(key, filter ?? ''),
      ExpressionAttributeValues: values,
      ConsistentRead: index === undefined,
    };
    for await (const page of paginateQuery({ client: this.dynamo }, input)) yield* (page.Items ?? []) as T[];
  }

  private putOf(item: ItemKey) {
    return { TableName: this.name, Item: item };
  }

  private async transact(write: Write, beside: ItemKey): Promise<boolean> {
    for (let tries = 1; ; tries++) {
      try {
        await this.dynamo.send(new TransactWriteCommand({ TransactItems: [write, { Put: this.putOf(beside) }] }));
        return true;
      } catch (error) {
        const reason = error instanceof TransactionCanceledException ? error.CancellationReasons?.[0]?.Code : undefined;
        if (reason === 'ConditionalCheckFailed') return false;
        // The SDK does not retry a transaction that conflicts with another write to the item.
        if (reason !== 'TransactionConflict' || tries === MAX_TRIES) throw error;
        await sleep(Math.random() * FIRST_DELAY_MILLISECONDS * 2 ** tries);
      }
    }
  }
}
