import * as fc from 'fast-check';
import { readElements } from '../../../src/engine/json/json-elements';
import { JsonFault } from '../../../src/engine/json/json-object';

test('any array of any JSON is taken apart as it was put together', () => {
  fc.assert(fc.property(fc.array(fc.jsonValue()), fc.constantFrom(undefined, 1), (values, indent) => {
    const elements = readElements(JSON.stringify({ other: [1], records: values }, undefined, indent), 'records') as string[];
    expect(elements.map((element) => JSON.parse(element) as unknown)).toEqual(JSON.parse(JSON.stringify(values)));
  }));
});

test('digits stay as they are written', () => {
  expect(readElements('{"records":[{"a":9007199254740993,"b":1.10}, 1e400]}', 'records')).toEqual(['{"a":9007199254740993,"b":1.10}', '1e400']);
});

test.each([
  ['', 'text that is none: expected "{" at character 1'],
  ['[]', 'an array'],
  ['null', 'null'],
  ['{"statusCode":200,"body":"{}"}', 'an object with the keys ["statusCode","body"]'],
  ['{"records":{}}', 'other than an array as records'],
  ['{"records":[1', 'text that is none: expected "," or a closing bracket at character 14'],
])('%j holds no such array', (json, got) => {
  expect(readElements(json, 'records')).toEqual(new JsonFault(got));
});
