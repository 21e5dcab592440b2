/** Writes docs/conformance.md: `npx tsx test/conformance/write-doc.ts`. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { renderConformance } from './render-doc';
import { SUITES } from './suites';

writeFileSync(path.join(__dirname, '../../docs/conformance.md'), renderConformance(SUITES));
