import { locate, TOOLS } from './locate-tools.mjs';

// `npm run test:deploy` begins with this, so that nobody takes what was skipped for what passed.
for (const [name, { hint }] of Object.entries(TOOLS)) {
  const path = locate(name);
  console.log(
    path === null
      ? `${name}: not found, what needs it is skipped. Get it with "npm run deploy:tools" or "${hint}".`
      : `${name}: ${path}`,
  );
}
