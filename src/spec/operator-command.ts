import { visible } from './visible-text';

/** What somebody types who is to do something with a job: a mail and a finding name it. */
export function operatorCommand(name: 'resume' | 'rerun', pipelineId: string, fileId: string): string {
  return `csv-chunk-pipeline ${name} --pipeline ${shellWord(visible(pipelineId))} ${fileId}`;
}

/** As a shell takes it for one word. */
function shellWord(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replace(/'/g, "'\\''")}'`;
}
