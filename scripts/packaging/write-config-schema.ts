import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configJsonSchema } from '../../config/config-schema';

/** `npm run schema`: writes signin-probe.schema.json, which editors check configurations with, from the contract. */
writeFileSync(join(__dirname, '..', '..', 'signin-probe.schema.json'), `${JSON.stringify(configJsonSchema(), null, 2)}\n`);
