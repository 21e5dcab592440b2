/** Writes docs/dashboard.svg anew: `npx tsx test/around/write-dashboard-picture.ts`. A test holds it to the construct. */
import * as fs from 'fs';
import * as path from 'path';
import { App, Stack } from 'aws-cdk-lib';
import { drawDashboard } from './dashboard-picture';
import { widgetsOfExample } from './example-dashboard';

fs.writeFileSync(path.join(__dirname, '..', '..', 'docs', 'dashboard.svg'), drawDashboard(widgetsOfExample(new Stack(new App(), 'TapStack-dev'))));
