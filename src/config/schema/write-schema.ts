import { writeFileSync } from 'node:fs';
import { configSchema } from './schema.js';

/** `npm run config:schema`: writes the schema that editors complete and check `config.json` by. */
writeFileSync('config.schema.json', `${JSON.stringify(configSchema(), null, 2)}\n`);
