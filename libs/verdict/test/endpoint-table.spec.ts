import fc from 'fast-check';
import { EndpointTable } from '../src/index.js';

const paths = [
  '/',
  '/a',
  '/a/{id}',
  '/a/{id}/c',
  '/a/b/d',
  '/a/b',
  '/files/{name}.json',
  '/files/{name}',
  '/x{a}y{b}z',
];
const more = ['/t/', '/caf%C3%A9', '/semi;v=1', '/enc%3Bv', '/q%3Fx', '/{first}/only'];
const table = new EndpointTable([...paths, ...more].map((path) => ({ endpointId: path, method: 'GET', path })));

it.each([
  ['/', '/'],
  ['/a', '/a'],
  ['/a?b=c', '/a'],
  ['/a?b#c', '/a'],
  ['/a?b#/../c', '/a'],
  ['/a/%23', '/a/{id}'],
  ['/a/7', '/a/{id}'],
  ['/a/b', '/a/b'],
  ['/a/b/d', '/a/b/d'],
  ['/a/b/c', '/a/{id}/c'],
  ['/a/%7E', '/a/{id}'],
  ['/%61', '/a'],
  ['/a/%62', '/a/b'],
  ['/files/x.json', '/files/{name}.json'],
  ['/files/x.xml', '/files/{name}'],
  ['/files/.json', '/files/{name}'],
  ['/x1y2z', '/x{a}y{b}z'],
  ['/xyyyz', '/x{a}y{b}z'],
  ['/t/', '/t/'],
  ['/café', '/caf%C3%A9'],
  ['/caf%c3%a9', '/caf%C3%A9'],
  ['/semi;v=1', '/semi;v=1'],
  ['/enc%3bv', '/enc%3Bv'],
  ['/q%3fx', '/q%3Fx'],
  ['/b/only', '/{first}/only'],
  // With or without parameters of a segment it is the same endpoint.
  ['/a/7;v=1', '/a/{id}'],
  ['/a/7%3Bv=1', '/a/{id}'],
  ['/a/7;v=1/c', '/a/{id}/c'],
  ['/files/x;y.xml', '/files/{name}'],
])('GET %s calls %s', (path, endpointId) => {
  expect(table.find('GET', path)).toBe(endpointId);
});

it.each([
  ...['', 'a', '/a/', '//', '//a', '/a//b', '/a/', '/./a', '/a/.', '/a/../a', '/a/..', '/a/..;x/b', '/a/%2e%2e/b'],
  ...['/a/%2E', '/a%2Fb', '/a%5Cb', '/a\\b', '/a/%00', '/a/%0a', '/a/ ', '/a/%', '/a/%4', '/a/%ff', '/a/b/c/d', '/t'],
  ...['/a#', '/a#b', '/a#/../secret', '/#/../a', '/a/7#', '/a/b#?c', '/a#?c', '#', '/#'],
  // Some servers cut a segment at a `;`, and would call another endpoint, or none.
  ...['/a/b;v=1', '/a/b%3bv=1', '/a/;v=1', '/a/;', '/a;v=1', '/;v=1', '/a/b;v=1/d', '/a;v=1/7', '/a/7/c;v=1'],
  ...['/files/x;y.json', '/b;v=1/only;w', '/a/7;v=1/c;w', '/semi;v=2', '/enc%253Bv', '/a/%253B'],
  ...['/xyz', '/xyyz', '/x1y2', '/semi%3Bv=1', '/enc;v', '/q?x', '/A', '/a/7/8', '/a/..%3Bx'],
])('GET %j calls nothing', (path) => {
  expect(table.find('GET', path)).toBeUndefined();
});

it('asks for the method as it is written', () => {
  expect(['HEAD', 'get', 'POST'].map((method) => table.find(method, '/a'))).toEqual([undefined, undefined, undefined]);
});

it('takes an endpoint of any method where none has the method itself', () => {
  const endpoints = [
    { endpointId: 'read', method: 'GET', path: '/a' },
    { endpointId: 'all', method: 'ANY', path: '/a' },
    { endpointId: 'deep', method: 'POST', path: '/{id}' },
    { endpointId: 'b', method: 'GET', path: '/b' },
  ];
  const any = new EndpointTable(endpoints);
  const found = ['GET /a', 'POST /a', 'POST /b', 'PUT /b'].map((call) => {
    const [method = '', path = ''] = call.split(' ');
    return any.find(method, path);
  });
  expect(found).toEqual(['read', 'all', 'deep', undefined]);
});

it('finds each of 500 endpoints, whatever stands in for their variables', () => {
  const segment = fc.constantFrom('a', 'b', 'c', '{id}', '{other}');
  const path = fc.array(segment, { minLength: 1, maxLength: 6 }).map((segments) => `/${segments.join('/')}`);
  const form = (text: string): string => text.replaceAll('{other}', '{id}');
  fc.assert(
    fc.property(fc.uniqueArray(path, { minLength: 1, maxLength: 500, selector: form }), (given) => {
      const endpoints = given.map((each) => ({ endpointId: form(each), method: 'GET', path: each }));
      const many = new EndpointTable(endpoints);
      for (const { endpointId } of endpoints) {
        expect(many.find('GET', endpointId.replaceAll('{id}', 'zz'))).toBe(endpointId);
      }
    }),
  );
});
