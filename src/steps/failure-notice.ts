/** What people are told of a job that failed: which file, what was expected and what came, where to look, what to do. */
import { JobMessage } from '../contract/job-message';
import { MAX_SUBJECT_LENGTH } from '../ports/messages';
import { FailureNotice } from '../ports/observers';
import { FailureKind, failureOf } from '../spec/error-codes';
import { operatorCommand } from '../spec/operator-command';
import { visible } from '../spec/visible-text';

/** @param message of a job that failed */
export function failureNotice(message: JobMessage): FailureNotice {
  return { subject: subjectOf(message), text: textOf(message), attributes: attributesOf(message) };
}

function attributesOf({ pipelineId, errorCode, failureKind }: JobMessage): FailureNotice['attributes'] {
  return { pipelineId, errorCode: errorCode!, failureKind: failureKind! };
}

function subjectOf({ key, errorCode }: JobMessage): string {
  const begin = 'Job failed: ';
  const end = ` (${errorCode})`;
  const name = key.slice(key.lastIndexOf('/') + 1);
  const room = MAX_SUBJECT_LENGTH - begin.length - end.length;
  // By characters, not by code units: one that is not ASCII is one question mark.
  const ascii = [...name].map((character) => /^[ -~]$/.test(character) ? character : '?').join('');
  return begin + (ascii.length <= room ? ascii : `${ascii.slice(0, room - 3)}...`) + end;
}

function textOf(message: JobMessage): string {
  const sections = [HEADLINES[message.failureKind!], facts(fileFacts(message)), reason(message), facts(placeFacts(message)), whatToDo(message)];
  return sections.filter((section) => section !== '').join('\n\n') + '\n';
}

const HEADLINES: Readonly<Record<FailureKind, string>> = {
  DATA: 'A file was refused: nothing of it is published.',
  INFRASTRUCTURE: 'A job was interrupted: nothing of its file is published yet. The data is not to blame.',
  LOST: 'A job was lost with its region: its file is processed once more, as a job of its own. The data is not to blame.',
};

type Fact = readonly [name: string, value: string | undefined];

function fileFacts({ pipelineId, bucket, key, versionId, sizeBytes, fileId, run, startedAt, endedAt }: JobMessage): Fact[] {
  return [
    ['Pipeline', pipelineId],
    ['File', `s3://${bucket}/${key}`],
    ['Version', versionId],
    ['Size', `${sizeBytes} bytes`],
    ['Job', `${fileId}, run ${run}`],
    ['Started', startedAt],
    ['Ended', endedAt],
  ];
}

function reason({ errorCode, errorMessage, recordsRead, recordsWritten, recordsRejected, recordsFiltered }: JobMessage): string {
  const why = `Why (${errorCode}):\n${visible(errorMessage!)}`;
  if (recordsRead === undefined) return why;
  const counts = `${recordsRead} read, ${recordsWritten} valid, ${recordsRejected} rejected, ${recordsFiltered} left out by the transform`;
  return `${why}\nRecords: ${counts}.`;
}

function placeFacts({ outputBucket, reportKey, rejectedKey, bucket, moveTo }: JobMessage): Fact[] {
  const inOutput = (key: string | undefined) => key && `s3://${outputBucket}/${key}`;
  return [
    ['Report', inOutput(reportKey)],
    ['Rejected records', inOutput(rejectedKey)],
    ['The file goes to', moveTo && `s3://${bucket}/${moveTo}`],
  ];
}

function whatToDo({ errorCode, resumable, fileId, pipelineId, resumableUntil }: JobMessage): string {
  const command = (name: 'resume' | 'rerun') => `  ${operatorCommand(name, pipelineId, fileId)}`;
  const again = `process the file once more from where it lies:\n${command('rerun')}`;
  switch (failureOf({ error_code: errorCode, resumable }).remedy) {
    case 'RESUME': {
      const until = resumableUntil === undefined ? '' : `, until ${resumableUntil}`;
      return `What to do: mend the cause, then resume the job${until}:\n${command('resume')}`;
    }
    case 'RERUN': return `What to do: ${again}`;
    case 'SEND_AGAIN': return 'What to do: send the file again. One that came in its place has a job of its own.';
    case 'CORRECT':
      return `What to do: correct the file and send it again; it is a new job. Where the schema or the settings are wrong, deploy them, and ${again}`;
    case 'NOTHING': return 'What to do: nothing. The job that processes the file once more tells of its own end; sent again, the file would be published twice.';
  }
}

function facts(all: readonly Fact[]): string {
  const known = all.filter(([, value]) => value !== undefined);
  const width = Math.max(...known.map(([name]) => name.length)) + 2;
  return known.map(([name, value]) => `${name}:`.padEnd(width) + visible(value!)).join('\n');
}
