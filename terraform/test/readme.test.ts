import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { newApp } from './synthesized';
import { readOperatorOptions } from '../../src/operator/operator-options';
import { holdRequirements } from '../../test/examples/requirements-table';

holdRequirements('terraform/README.md', ['tap-stack', 'modules', 'archives'].map((name) => `terraform/test/${name}.test.ts`));

test.each(['README.md', 'release/README.md'])('what %s links to is there', (page) => {
  const file = path.join(__dirname, '..', page);
  const links = [...fs.readFileSync(file, 'utf8').matchAll(/\]\((?!https:)([^)#]+)/g)].map(([, link]) => path.join(path.dirname(file), link));
  for (const link of links) expect([link, fs.existsSync(link)]).toEqual([link, true]);
});

test.each(['README.md', 'release/README.md'])('the commands that %s shows are ones that the program takes', (page) => {
  const commands = [...fs.readFileSync(path.join(__dirname, '..', page), 'utf8').matchAll(/^.*\bbin\/csv-chunk-pipeline (.*)$/gm)].map(([, args]) => args);
  expect(commands.length).toBeGreaterThan(1);
  for (const args of commands) {
    const [command, ...others] = args.replace(/"\$[^"]*"/, 'function-payments-sweep-jobs-prod').split(' ');
    expect(readOperatorOptions([command, ...others])).toMatchObject({ command, sweepFunction: 'function-payments-sweep-jobs-prod' });
  }
});

describe('the commands of release/README.md, with names in place of AWS and Terraform', () => {
  const page = fs.readFileSync(path.join(__dirname, '..', 'release', 'README.md'), 'utf8');
  const firstBelow = (heading: string) => /^```sh\n([^]*?)^```/m.exec(page.slice(page.indexOf(`## ${heading}\n`)))![1];
  const [forState, deploy, destroy] = ['The bucket and the table for the state', 'Deploy', 'Destroy'].map(firstBelow);

  /** Each call, and the variables that Terraform reads. */
  function run(...blocks: string[]): { readonly calls: string[]; readonly variables: string } {
    const { outdir } = newApp();
    fs.mkdirSync(outdir, { recursive: true });
    const recorded = 'record() { echo "$*" >> calls; }\naws() { record aws "$@"; }\nterraform() { record terraform "$@"; [ "$1" != output ] || echo the-bucket; }\n';
    execFileSync('bash', ['-euc', recorded + blocks.join('\n').replace(/xargs terraform/, 'cat; terraform')], { cwd: outdir, timeout: 30_000 });
    const read = (file: string) => fs.readFileSync(path.join(outdir, file), 'utf8');
    return { calls: read('calls').trim().split('\n'), variables: read('terraform.tfvars') };
  }

  test('S3 is told the location, but for us-east-1, where it takes none', () => {
    const bucket = 'aws s3api create-bucket --bucket terraform-state-123456789012 --region';
    expect(run(forState, deploy).calls[0]).toBe(`${bucket} eu-central-1 --create-bucket-configuration LocationConstraint=eu-central-1`);
    expect(run(forState.replace(/^REGION=.*/, 'REGION=us-east-1'), deploy).calls[0]).toBe(`${bucket} us-east-1`);
  });

  test('one region is everywhere, and every command reads the same variables', () => {
    const { calls, variables } = run(forState.replace(/^REGION=.*/, 'REGION=eu-north-1'), deploy, destroy);
    expect(variables).toBe('region = "eu-north-1"\nfailure_email = "data-team@example.com"\n');
    expect(calls.join('\n').match(/\b[a-z]{2}-[a-z]+-\d\b/g)).toEqual(['eu-north-1', 'eu-north-1', 'eu-north-1', 'eu-north-1']);
    expect(calls.filter((call) => call.startsWith('terraform'))).toEqual([
      expect.stringContaining('-backend-config=dynamodb_table=terraform-locks'),
      'terraform plan -out=tfplan', 'terraform apply tfplan', 'terraform output -raw bucket', 'terraform state list', 'terraform state rm', 'terraform destroy',
    ]);
    expect(calls).toContain('aws s3 cp payments.csv s3://the-bucket/raw/payments.csv');
  });
});
