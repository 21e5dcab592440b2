import * as iam from 'aws-cdk-lib/aws-iam';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Storage } from './storage';

/** Reads the list of chunks. CDK's own reader is allowed the whole bucket, this one the work files. */
export class ManifestReader extends sfn.S3JsonItemReader {
  constructor(private readonly storage: Storage, keyPath: string) {
    super({ bucket: storage.outputBucket, key: sfn.JsonPath.stringAt(keyPath) });
  }

  providePolicyStatements(): iam.PolicyStatement[] {
    return [objectStatement(this.storage, ['s3:GetObject'], this.storage.prefixes.work)];
  }
}

/** Takes the children's results out of the state. CDK's own writer is allowed the whole bucket, this one its prefix. */
export class MapResultWriter extends sfn.ResultWriterV2 {
  private readonly resultPrefix: string;

  constructor(private readonly storage: Storage) {
    const resultPrefix = `${storage.prefixes.work}map-results`;
    super({ bucket: storage.outputBucket, prefix: resultPrefix });
    this.resultPrefix = resultPrefix;
  }

  providePolicyStatements(): iam.PolicyStatement[] {
    const actions = ['s3:PutObject', 's3:GetObject', 's3:ListMultipartUploadParts', 's3:AbortMultipartUpload'];
    return [objectStatement(this.storage, actions, `${this.resultPrefix}/`)];
  }
}

function objectStatement(storage: Storage, actions: string[], prefix: string): iam.PolicyStatement {
  return new iam.PolicyStatement({ actions, resources: [storage.outputBucket.arnForObjects(`${prefix}*`)] });
}
