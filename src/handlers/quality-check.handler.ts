import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { snsMessages } from '../aws/messages.sns';
import { s3QualityReports } from '../aws/quality-reports.s3';
import { readOptionalEnv } from '../aws/read-env';
import { awsDeps, Invocation, observed } from '../aws/runtime';
import { QUALITY_CHECK_ENV, QUALITY_CHECK_OPTIONAL_ENV } from '../contract/env';
import { QUALITY_SETTINGS_FILE_NAME, QualitySettings } from '../contract/quality-settings';
import { checkQuality, CheckQualityInput, CheckQualityOutput } from '../services/check-quality';

/** Entry point of the Lambda function, for the schedule. */
export async function handler(input: CheckQualityInput, invocation: Invocation): Promise<CheckQualityOutput> {
  return observed('QualityCheck', input, () => {
    const { TOPIC_ARN: topicArn } = readOptionalEnv(QUALITY_CHECK_OPTIONAL_ENV);
    const deps = awsDeps(QUALITY_CHECK_ENV, invocation);
    return checkQuality(input, {
      ...deps,
      reports: s3QualityReports(deps.output.bucketName),
      messages: topicArn === undefined ? undefined : snsMessages(topicArn),
      pipelineId: deps.contract.pipelineId,
      settings: JSON.parse(readFileSync(join(__dirname, QUALITY_SETTINGS_FILE_NAME), 'utf8')) as QualitySettings,
    });
  });
}
