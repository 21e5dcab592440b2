import * as iam from 'aws-cdk-lib/aws-iam';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Storage } from './storage';

const MAP_RESULTS = 'map-results';

/** Reads the list of chunks. CDK's own reader is allowed the whole bucket, this one the work files. */
export class ManifestReader extends sfn.S3JsonItemReader {
  constructor(private readonly storage: Storage, keyPath: string) {
    super({ bucket: storage.outputBucket, key: sfn.JsonPath.stringAt(keyPath) });
  }

  providePolicyStatements(): iam.PolicyStatement[] {
    return [new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: this.storage.outputArns('work') })];
  }
}

/** Takes the children's results out of the state. CDK's own writer is allowed the whole bucket, this one its prefix. */
export class MapResultWriter extends sfn.ResultWriterV2 {
  constructor(private readonly storage: Storage) {
    super({ bucket: storage.outputBucket, prefix: `${storage.prefixes.work}${MAP_RESULTS}` });
  }

  providePolicyStatements(): iam.PolicyStatement[] {
    const actions = ['s3:PutObject', 's3:GetObject', 's3:ListMultipartUploadParts', 's3:AbortMultipartUpload'];
    // Under former prefixes as well: executions that began before a deployment still write there.
    return [new iam.PolicyStatement({ actions, resources: this.storage.outputArns('work', `${MAP_RESULTS}/`) })];
  }
}
