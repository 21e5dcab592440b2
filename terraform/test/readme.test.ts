import * as fs from 'node:fs';
import * as path from 'node:path';
import { holdRequirements } from '../../test/examples/requirements-table';

holdRequirements('terraform/README.md', ['tap-stack', 'modules', 'archives'].map((name) => `terraform/test/${name}.test.ts`));

test.each(['README.md', 'release/README.md'])('what %s links to is there', (page) => {
  const file = path.join(__dirname, '..', page);
  const links = [...fs.readFileSync(file, 'utf8').matchAll(/\]\((?!https:)([^)#]+)/g)].map(([, link]) => path.join(path.dirname(file), link));
  for (const link of links) expect([link, fs.existsSync(link)]).toEqual([link, true]);
});
