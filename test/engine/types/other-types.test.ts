/** The types of Table Schema that are no plain texts, numbers and dates. */
import { convert, message } from './convert';
import { compileKeys, keyText } from '../../../src/engine/keys/unique-key';
import { Field } from '../../../src/spec/schema';
import { runEveryWay } from '../support/every-way';

type Settings = Omit<Field, 'name'>;

const refused = (settings: Settings, ...texts: string[]) => {
  for (const text of texts) expect([text, convert(settings, text, true)]).toEqual([text, 'type']);
};

describe('time', () => {
  test.each([
    ['default', '10:20:30', '10:20:30'], ['default', '00:00:00', '00:00:00'], ['default', '23:59:59.999', '23:59:59.999'], ['default', '10:20:30.500', '10:20:30.5'],
    ['default', '10:20:30.000', '10:20:30'], ['any', '10:20', '10:20:00'], ['any', '1020', '10:20:00'], ['any', '102030', '10:20:30'], ['any', '10:20:30,25', '10:20:30.25'],
    ['any', '102030.5', '10:20:30.5'], ['%H:%M', '7:05', '07:05:00'], ['%I:%M %p', '12:05 a.m.', '00:05:00'], ['%H%M%S%f', '102030123', '10:20:30.123'], ['%H.%M Uhr', '7.05 Uhr', '07:05:00'],
  ])('%s reads %s as %s', (format, text, value) => {
    expect(convert({ type: 'time', format }, text)).toBe(`"${value}"`);
  });

  test('what is no time of day is refused', () => {
    refused({ type: 'time' }, '', '10:20', '1:20:30', '24:00:00', '10:60:00', '10:20:60', '10:20:30Z', '10:20:30+02:00', '10:20:30.', 'T10:20:30');
    refused({ type: 'time', format: 'any' }, '10', '10:2030', '1020:30', '24:00', '10:20 am');
    refused({ type: 'time', format: '%H:%M' }, '24:00', '10:20:30', '25:00');
  });

  test('limits and enum are compared by value', () => {
    const field = { type: 'time', format: '%H:%M', constraints: { minimum: '08:00:00', maximum: '17:30' } } as const;
    expect(['07:59', '8:00', '17:30', '17:31'].map((text) => convert(field, text))).toEqual(['constraint', '"08:00:00"', '"17:30:00"', 'constraint']);
    expect(convert({ type: 'time', constraints: { enum: ['10:20:30.50'] } }, '10:20:30.5')).toBe('"10:20:30.5"');
    expect(convert({ type: 'time', constraints: { minimum: '10:20:30.25' } }, '10:20:30.2')).toBe('constraint');
  });
});

test('year', () => {
  expect(['2024', '0001', '9999', '0044'].map((text) => convert({ type: 'year' }, text))).toEqual(['2024', '1', '9999', '44']);
  refused({ type: 'year' }, '', '24', '0000', '10000', '-0044', '2024Z', '+2024', '2024.0', ' 2024');
  expect(convert({ type: 'year', constraints: { minimum: 1900, maximum: '2100' } }, '1899')).toBe('constraint');
  expect(convert({ type: 'year', constraints: { minimum: '0044', enum: [2024] } }, '2024')).toBe('2024');
});

test('yearmonth', () => {
  expect(convert({ type: 'yearmonth' }, '2024-05')).toBe('"2024-05"');
  refused({ type: 'yearmonth' }, '', '2024', '2024-13', '2024-00', '2024-5', '0000-01', '2024-05-01', '202405', '2024-05Z');
  expect(convert({ type: 'yearmonth', constraints: { minimum: '2024-06' } }, '2024-05')).toBe('constraint');
});

describe('duration', () => {
  test.each(['P1Y2M3DT4H5M6S', 'P1Y', 'PT1M', 'P1M', '-P1D', 'PT0.5S', 'P0D', 'P1YT1S', 'PT36H'])('%s', (text) => {
    expect(convert({ type: 'duration' }, text)).toBe(`"${text}"`);
  });

  test('what is none of XML Schema\'s is refused', () => {
    refused({ type: 'duration' }, '', 'P', 'PT', 'P1YT', '1Y', 'P1S', 'P1.5Y', 'PT1.S', 'P-1D', 'P1W', '+P1D', 'p1d', 'P1M1Y', `P${'9'.repeat(19)}D`);
  });

  test.each([
    ['P12M', 'P1Y'], ['PT36H', 'P1DT12H'], ['PT0.50S', 'PT0.5S'], ['-P0D', 'PT0S'], ['P400Y', 'P4800M'],
  ])('%s is %s', (text, same) => {
    expect(convert({ type: 'duration', constraints: { enum: [same], minimum: same, maximum: same } }, text)).toBe(`"${text}"`);
  });

  test('one that is neither longer nor shorter keeps no limit', () => {
    for (const [limit, longer, shorter, neither] of [['P30D', 'P31D', 'P29D', 'P1M'], ['P1M', 'P32D', 'P27D', 'P29D'], ['-P1M', '-P27D', '-P32D', '-P30D'], ['P1Y', 'P367D', 'P364D', 'P365D']]) {
      const judge = (text: string) => [{ minimum: limit }, { maximum: limit }].map((constraints) => convert({ type: 'duration', constraints }, text));
      expect([limit, judge(longer), judge(shorter), judge(neither)]).toEqual(
        [limit, [`"${longer}"`, 'constraint'], ['constraint', `"${shorter}"`], ['constraint', 'constraint']]);
    }
  });

  test('the longest are compared too', () => {
    const most = '9'.repeat(18);
    expect(convert({ type: 'duration', constraints: { maximum: `P${most}Y` } }, `P${most}YT0.1S`)).toBe('constraint');
    expect(convert({ type: 'duration', constraints: { minimum: `-P${most}Y` } }, `P${most}D`)).toBe(`"P${most}D"`);
  });
});

describe('JSON', () => {
  test('objects and arrays are published without blanks, and otherwise as they are written', () => {
    expect(convert({ type: 'object' }, ' { "b" : 1.50 , "a":"x  y", "a": [ 12345678901234567890 ] } ')).toBe('{"b":1.50,"a":"x  y","a":[12345678901234567890]}');
    expect(convert({ type: 'array' }, '[ 1, {"a": null} ]')).toBe('[1,{"a":null}]');
    refused({ type: 'object' }, '', '[]', '1', 'null', '"x"', '{', '{"a":1}}', '{a:1}', "{'a':1}", '{"a":NaN}', '{} {}');
    refused({ type: 'array' }, '', '{}', '1', 'null', '[1,]', '[1] [2]');
    expect(message({ type: 'object' }, '[1]')).toBe('expected a JSON object, got "[1]"');
  });

  test('any depth of nesting is read', () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    expect(convert({ type: 'array' }, deep)).toBe(deep);
  });

  test('lengths are items and keys, and enum is compared as JSON', () => {
    expect(convert({ type: 'array', constraints: { minLength: 2 } }, '[ [1,2,3] ]')).toBe('constraint');
    expect(message({ type: 'array', constraints: { maxLength: 1 } }, '[1,2]')).toBe('must have at most 1 items (maxLength), got "[1,2]"');
    expect(convert({ type: 'object', constraints: { minLength: 1, maxLength: 1 } }, '{"a":{"b":1,"c":2}}')).toBe('{"a":{"b":1,"c":2}}');
    expect(convert({ type: 'object', constraints: { minLength: 1 } }, '{ }')).toBe('constraint');
    expect(convert({ type: 'array', constraints: { enum: [[1, 2], '[ 3 ]'] } }, '[1,  2]')).toBe('[1,2]');
    expect(convert({ type: 'array', constraints: { enum: [[1, 2], '[ 3 ]'] } }, '[4]')).toBe('constraint');
  });

  test('any', () => {
    expect(['007', ' x ', '{"a": 1}'].map((text) => convert({ type: 'any' }, text))).toEqual(['"007"', '" x "', '"{\\"a\\": 1}"']);
    expect(['a', '1'].map((text) => convert({ type: 'any', constraints: { enum: ['a', 1] } }, text))).toEqual(['"a"', 'constraint']);
  });
});

describe('list', () => {
  test.each<[Settings, string, string]>([
    [{}, 'a,b', '["a","b"]'], [{}, 'a', '["a"]'], [{}, 'a,,"b', '["a","","\\"b"]'], [{}, ' a, b', '[" a"," b"]'], [{ delimiter: '||' }, 'a||b|c', '["a","b|c"]'],
    [{ itemType: 'integer', delimiter: ';' }, '1;+02;-3', '[1,2,-3]'], [{ itemType: 'number' }, '1.50,1e2', '[1.5,100]'], [{ itemType: 'boolean' }, 'true,0', '[true,false]'],
    [{ itemType: 'date' }, '2024-05-01', '["2024-05-01"]'], [{ itemType: 'datetime' }, '2024-05-01T24:00:00', '["2024-05-02T00:00:00.000Z"]'], [{ itemType: 'time' }, '10:20:30', '["10:20:30"]'],
  ])('%j: %s is %s', (settings, text, json) => {
    expect(convert({ type: 'list', ...settings }, text)).toBe(json);
  });

  test('an item that is none is refused, and no text at all is a list without items', () => {
    refused({ type: 'list', itemType: 'integer' }, '1,', ',1', '1,x', '1, 2', '1;2', '1.5');
    expect(convert({ type: 'list', itemType: 'integer', missingValues: [] }, '')).toBe('[]');
    expect(message({ type: 'list', itemType: 'integer' }, 'x')).toBe('expected a list of items between ",", each an integer, got "x"');
  });

  test('lengths are items', () => {
    const field = { type: 'list', constraints: { minLength: 2, maxLength: 3 } } as const;
    expect(['a', 'a,b', 'a,b,c,d'].map((text) => convert(field, text))).toEqual(['constraint', '["a","b"]', 'constraint']);
  });
});

describe('places', () => {
  test.each([
    ['default', '90.50, 45.50', '"90.5,45.5"'], ['default', '-180,90', '"-180,90"'], ['array', ' [90.50, 45.50] ', '[90.5,45.5]'], ['array', '[1e1,-0.0]', '[10,0]'],
    ['object', '{"lat": 45.50, "lon": 90.50}', '{"lon":90.5,"lat":45.5}'], ['default', '0.12345678901234567890,1', '"0.1234567890123456789,1"'],
  ])('geopoint %s: %s is %s', (format, text, json) => {
    expect(convert({ type: 'geopoint', format }, text)).toBe(json);
  });

  test('what is no point of the earth is refused', () => {
    refused({ type: 'geopoint' }, '', '1', '1,2,3', '1,  2', ' 1,2', '1 ,2', '180.1,0', '0,-90.01', 'a,b', '[1,2]', '1;2');
    refused({ type: 'geopoint', format: 'array' }, '1,2', '[1]', '[1,2,3]', '["1","2"]', '[1,null]', '{"lon":1,"lat":2}', '[181,0]');
    refused({ type: 'geopoint', format: 'object' }, '[1,2]', '{"lon":1}', '{"lon":1,"lat":2,"alt":3}', '{"lon":"1","lat":"2"}', '{"lng":1,"lat":2}', '{"lon":1,"lon":2}', '{"lon":1,"lat":91}');
  });

  test.each([
    '{"type":"Point","coordinates":[1,2]}', '{"type":"Point","coordinates":[1,2,3]}', '{"type":"MultiPoint","coordinates":[]}', '{"type":"LineString","coordinates":[[1,2],[3,4]]}',
    '{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}', '{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[1,2]}]}',
    '{"type":"Feature","geometry":null,"properties":null,"id":1}', '{"type":"FeatureCollection","features":[],"bbox":[1,2,3,4]}',
    '{"type":"Feature","geometry":{"type":"Point","coordinates":[1.50,2]},"properties":{"a":1}}',
  ])('GeoJSON %s', (text) => {
    expect(convert({ type: 'geojson' }, text)).toBe(text);
  });

  test('what is no GeoJSON is refused', () => {
    refused({ type: 'geojson' }, '', '{}', '[]', '{"type":"point","coordinates":[1,2]}', '{"type":"Point"}', '{"type":"Point","coordinates":[1]}', '{"type":"Point","coordinates":["1","2"]}',
      '{"type":"LineString","coordinates":[[1,2]]}', '{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1]]]}', '{"type":"Feature","geometry":null}', '{"type":"Feature","properties":{}}',
      '{"type":"FeatureCollection"}', '{"type":"FeatureCollection","features":[{"type":"Point","coordinates":[1,2]}]}', '{"type":"Topology","objects":{},"arcs":[]}',
      `${'{"type":"GeometryCollection","geometries":['.repeat(10_000)}${']}'.repeat(10_000)}`, '{"type":"toString","coordinates":[1,2]}');
  });

  test('TopoJSON', () => {
    const field = { type: 'geojson', format: 'topojson' } as const;
    const topology = '{"type":"Topology","objects":{"a":{"type":"GeometryCollection","geometries":[{"type":"LineString","arcs":[0,-2]},{"type":"Point","coordinates":[1,2]}]},"b":{"type":"Polygon","arcs":[[1]]}},"arcs":[[[0,0],[1,1]],[[1,1],[0,0]]]}';
    expect(convert(field, topology)).toBe(topology);
    refused(field, '{"type":"Point","coordinates":[1,2]}', '{"type":"Topology"}', '{"type":"Topology","objects":{},"arcs":[[[0,0]]]}', topology.replace('[0,-2]', '[0,-3]'), topology.replace('[[1]]', '[[2]]'));
  });
});

test('of JSON, values are taken as they are', async () => {
  const types = ['object', 'array', 'list', 'geojson', 'any', 'year', 'time'] as const;
  const schema = { fields: [...types.map((type) => ({ name: type, type })), { name: 'point', type: 'geopoint', format: 'array' }] } as const;
  const { lines, rejects } = await runEveryWay([
    '{"object":{"a": 1.0},"array":[1, 2],"list":["a","b,c"],"geojson":{"type":"Point","coordinates":[1,2]},"any":{"x": 1e400},"year":2024,"time":"10:20:30","point":[1.0,2]}',
    '{"object":"{\\"a\\": 1}","array":"[]","list":"a,b","any":true,"year":"0044","point":"[3,4]"}', '{"any":12345678901234567890}', '{"any":null}',
    '{"object":[]}', '{"array":{}}', '{"list":[1]}', '{"list":["a",null]}', '{"year":20240}', '{"time":102030}', '{"point":{"lon":1,"lat":2}}', '{"object":1}', '{"geojson":"x"}', '{"list":{}}',
  ].join('\n'), { schema, recordFormat: 'json' });
  const rest = (values: object) => JSON.stringify({ ...Object.fromEntries([...types, 'point'].map((name) => [name, null])), ...values });
  expect(lines[0]).toBe('{"object":{"a":1.0},"array":[1,2],"list":["a","b,c"],"geojson":{"type":"Point","coordinates":[1,2]},"any":{"x":1e400},"year":2024,"time":"10:20:30","point":[1,2]}');
  expect(lines[1]).toBe(rest({ object: { a: 1 }, array: [], list: ['a', 'b'], any: true, year: 44, point: [3, 4] }));
  expect(lines[2]).toContain('"any":12345678901234567890');
  expect(lines[3]).toBe(rest({}));
  expect(rejects.map(([told]) => told.split(':')[0])).toEqual(['object', 'array', 'list', 'list', 'year', 'time', 'point', 'object', 'geojson', 'list'].map((name) => `type ${name}`));
});

test('CSV has the text of JSON, and years of four digits', async () => {
  const schema = { fields: [{ name: 'o', type: 'object' }, { name: 'l', type: 'list' }, { name: 'y', type: 'year' }, { name: 'd', type: 'duration' }, { name: 'p', type: 'geopoint' }] } as const;
  const { lines } = await runEveryWay('o,l,y,d,p\n"{""a"": 1}","a,b",0044,-P1D,"1, 2"\n,,,,"3,4"\n', { schema, output: { format: 'csv', header: false } });
  expect(lines).toEqual(['"{""a"":1}","[""a"",""b""]",0044,-P1D,"1,2"', ',,,,"3,4"']);
  const { lines: safe } = await runEveryWay('o,l,y,d,p\n{},a,2024,-P1D,"1,2"\n', { schema, output: { format: 'csv', formulaSafe: true, header: false } });
  expect(safe[0]).toBe('{},"[""a""]",2024,\'-P1D,"1,2"');
});

test('of keys, durations are compared by value, and JSON by its text', () => {
  const fields = [{ name: 'd', type: 'duration' }, { name: 'o', type: 'object' }] as const;
  const [key] = compileKeys({ fields, uniqueKeys: [['d', 'o']] });
  const textOf = (duration: string, object: string) => keyText(key, 0, [`"${duration}"`, object]);
  expect(textOf('P12M', '{}')).toBe(textOf('P1Y', '{}'));
  expect(textOf('P30D', '{}')).not.toBe(textOf('P1M', '{}'));
  expect(textOf('P1Y', '{"a":1}')).not.toBe(textOf('P1Y', '{"a":1.0}'));
});
