import { idForms, idSource, toId, type IdName } from '../src/index.js';

const uuid = '0190d7a2-6c1e-7c3b-9c55-2f8f4a1b6e10';
const names = Object.keys(idForms) as IdName[];

describe('ids', () => {
  it('are a prefix and a UUID', () => {
    expect(names.map((name) => toId(name, uuid))).toEqual([
      `acct_${uuid}`,
      `app_${uuid}`,
      `cred_${uuid}`,
      `evt_${uuid}`,
      `whe_${uuid}`,
      `msg_${uuid}`,
    ]);
  });

  it.each(names)('of the kind %s are told from all other text', (name) => {
    const form = idForms[name];
    expect(form.source).toBe(`^${idSource(name)}$`);
    expect(form.test(toId(name, uuid))).toBe(true);
    const others = names.filter((other) => other !== name).map((other) => toId(other, uuid));
    const malformed = [uuid.toUpperCase(), `${uuid}0`, uuid.slice(1), uuid.replaceAll('-', ''), `${uuid}\n`];
    for (const text of [...others, ...malformed.map((each) => toId(name, each)), uuid, '', ` ${toId(name, uuid)}`]) {
      expect(form.test(text)).toBe(false);
    }
  });
});
