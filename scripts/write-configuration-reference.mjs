import { readFileSync, writeFileSync } from 'node:fs';
import { configurationReference } from './configuration-reference.mjs';

const PAGE = 'docs/configuration.md';

// `npm run docs:configuration`
const schema = JSON.parse(readFileSync('config.schema.json', 'utf8'));
writeFileSync(PAGE, configurationReference(schema, readFileSync('.env.example', 'utf8')));
console.log(`written: ${PAGE}`);
