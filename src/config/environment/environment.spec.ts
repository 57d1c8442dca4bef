import { describe, expect, it } from '@jest/globals';
import { type Variables, readEnvironment } from './environment.js';

const fail = (code: string) => () => {
  throw Object.assign(new Error(code), { code });
};

function read(dotenv: string, env: Variables) {
  const paths: string[] = [];
  const { environment, faults } = readEnvironment(env, '/srv', (path) => {
    paths.push(path);
    return dotenv;
  });
  return { variables: Object.fromEntries(environment), faults, paths };
}

describe('readEnvironment', () => {
  it('reads .env of the working directory under the real environment', () => {
    expect(read('A=file\nB="file b" # why\n', { A: 'real' })).toEqual({
      variables: { A: 'real', B: 'file b' },
      faults: [],
      paths: ['/srv/.env'],
    });
  });

  it('expands nothing inside .env', () => {
    expect(read('A=1\nB=${A}\n', {}).variables).toEqual({ A: '1', B: '${A}' });
  });

  it('counts an empty variable as unset, so that .env shows through', () => {
    expect(read('A=file\nB=\n', { A: '', C: undefined }).variables).toEqual({ A: 'file' });
  });

  it('takes a missing .env as an empty one', () => {
    expect(readEnvironment({}, '/srv', fail('ENOENT')).faults).toEqual([]);
  });

  it('faults a .env that cannot be read', () => {
    expect(readEnvironment({}, '/srv', fail('EACCES')).faults).toEqual([
      { path: '.env', message: 'cannot be read: EACCES' },
    ]);
  });
});
