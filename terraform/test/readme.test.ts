import * as fs from 'node:fs';
import * as path from 'node:path';
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
