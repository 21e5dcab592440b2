import { ConformanceCase, Suite } from './conformance-case';
import { WHY } from './reasons';
import { Field } from '../../src/spec/schema';

const TREE_HEADER = 'GID,On Street,Species,Trim Cycle,Inventory Date';
const TREE_LINES = ['1,ADDISON AV,Celtis australis,Large Tree Routine Prune,10/18/2010', '2,EMERSON ST,Liquidambar styraciflua,Large Tree Routine Prune,6/2/2010'];
const TREES = TREE_LINES.map((line) => line.split(','));

/** Where the suite's metadata says that the last column holds dates. */
const TREE_FIELDS: Field[] = [
  ...['GID', 'on_street', 'species', 'trim_cycle'].map((name) => ({ name })),
  { name: 'inventory_date', type: 'date', format: '%m/%d/%Y' },
];
const DATED_TREES = [[...TREES[0].slice(0, 4), '2010-10-18'], [...TREES[1].slice(0, 4), '2010-06-02']];

/** Blanks around every field but the last one's end. */
const BLANK_TREES = [TREES[0].map((text) => ` ${text} `), TREES[1].map((text, index) => index === 4 ? ` ${text}` : ` ${text} `)];

const lines = (...texts: string[]) => texts.map((text) => `${text}\n`).join('');
const header = { header: true };

const PEOPLE: ReadonlyArray<readonly [string, string]> = [
  ['Homer', 'Simpson'], ['Marge', 'Simpson'], ['Bart', 'Simpson'], ['Lisa', 'Simpson'],
  ['Maggie', 'Simpson'], ['Ned', 'Flanders'], ['Krusty', 'the Clown'], ['Waylon', 'Smithers'],
];
/** A table without quotes, as the suite has many. */
const plain = (id: string, about: string, names: string, records: string[][], lineEnd = '\n'): ConformanceCase =>
  ({ id, about, dialect: header, input: [names, ...records.map((record) => record.join(','))].join(lineEnd) + lineEnd, expected: records });

const DBPEDIA_PATHS = ['language', 'author', 'country'].map((name, index) => {
  const thing = ['English_language', 'Diana_Gabaldon', 'United_States'][index];
  return ['1', index === 0 ? '7680' : '2', `http://dbpedia.org/ontology/${name},http://dbpedia.org/resource/${thing},http://dbpedia.org/ontology/${name}`];
});

/** W3C CSV on the Web: its tests of tables without metadata, and of dialects. */
export const CSV_ON_THE_WEB: Suite = {
  name: 'W3C CSV on the Web',
  url: 'https://github.com/w3c/csvw/blob/2bc84f937be11d313766ae0892c08c923a5a3799/tests/index.html',
  version: 'w3c/csvw 2bc84f93',
  cases: [
    plain('test001', 'a plain table', 'Surname,FamilyName', PEOPLE.map((person) => [...person])),
    { id: 'test002', about: 'a quoted column', dialect: header, input: lines('Surname,FamilyName', ...PEOPLE.map(([first, last]) => `${first},"${last}"`)), expected: PEOPLE },
    plain('test003', 'blanks around every field are data', 'Surname,FamilyName', PEOPLE.map((person) => person.map((name) => ` ${name} `))),
    plain('test005', 'identifiers, empty last fields', 'id,Surname,FamilyName,child_id', PEOPLE.flatMap(([first, last], index) =>
      (index < 2 ? ['3', '4', '5'] : ['']).map((child) => [String(index + 1), first, last, child]))),
    plain('test006', 'two names to a record', 'Surname,FamilyName,childName', ['Homer', 'Marge'].flatMap((parent) =>
      ['Bart', 'Lisa', 'Maggie'].map((child) => [parent, 'Simpson', child]))),
    plain('test007', 'addresses as identifiers', 'foaf_id,Surname,FamilyName,childFoaf,childName', ['Homer', 'Marge'].flatMap((parent) =>
      ['Bart', 'Lisa', 'Maggie'].map((child) => [`http://example/${parent.toLowerCase()}`, parent, 'Simpson', `http://example/${child.toLowerCase()}`, child]))),
    {
      id: 'test008',
      about: 'delimiters in quotes',
      dialect: header,
      input: lines('Book1,Book2,Path', ...DBPEDIA_PATHS.map(([first, second, path]) => `${first},${second},"${path}"`)),
      expected: DBPEDIA_PATHS,
    },
    plain('test009', 'CR LF', TREE_HEADER, [...TREES, ['3', ...TREES[1].slice(1)]], '\r\n'),
    { id: 'test010', about: 'no line end at the end', dialect: header, input: 'country,name\nAD,Andorra\nAF,Afghanistan\nAI,Anguilla\nAL,Albania', expected: [['AD', 'Andorra'], ['AF', 'Afghanistan'], ['AI', 'Anguilla'], ['AL', 'Albania']] },
    { id: 'test019', about: 'no header', input: lines(...TREE_LINES), expected: TREES },
    { id: 'test023', about: 'header: false', input: lines(TREE_HEADER, ...TREE_LINES), expected: [TREE_HEADER.split(','), ...TREES] },
    { id: 'test025', about: 'header: false, skipRows: 1', dialect: { skipLines: 1 }, input: lines(TREE_HEADER, ...TREE_LINES), expected: TREES },
    {
      id: 'test028',
      about: 'one quoted name',
      dialect: header,
      input: lines('countryCode,latitude,longitude,name', 'AD,42.546245,1.601554,Andorra', 'AE,23.424076,53.847818,"United Arab Emirates"', 'AF,33.93911,67.709953,Afghanistan'),
      expected: [['AD', '42.546245', '1.601554', 'Andorra'], ['AE', '23.424076', '53.847818', 'United Arab Emirates'], ['AF', '33.93911', '67.709953', 'Afghanistan']],
    },
    { id: 'test050', about: 'delimiter: tab', dialect: { header: true, delimiter: '\t' }, fields: TREE_FIELDS, input: lines(TREE_HEADER, ...TREE_LINES).replaceAll(',', '\t'), expected: DATED_TREES },
    {
      id: 'test051',
      about: 'commentPrefix: comments before the header',
      dialect: { header: true, commentChar: '#' },
      fields: TREE_FIELDS,
      input: lines('# publisher City of Palo Alto', '# updated 12/31/2010', TREE_HEADER, ...TREE_LINES),
      expected: DATED_TREES,
    },
    {
      id: 'test052',
      about: 'commentPrefix: comments below the header',
      dialect: { header: true, commentChar: '#' },
      fields: TREE_FIELDS,
      input: lines(TREE_HEADER, '# publisher City of Palo Alto', '# updated 12/31/2010', ...TREE_LINES),
      expected: DATED_TREES,
    },
    {
      id: 'test055',
      about: 'skipBlankRows: a blank line and records of empty fields',
      dialect: header,
      fields: TREE_FIELDS,
      missingValues: [''],
      input: lines(TREE_HEADER, ',,,,', TREE_LINES[0], ',,,,', TREE_LINES[1], ''),
      expected: DATED_TREES,
      differs: { records: [Array(5).fill(null), DATED_TREES[0], Array(5).fill(null), DATED_TREES[1]], why: [WHY.emptyFields] },
    },
    {
      id: 'test056',
      about: 'skipInitialSpace, the dates as text',
      dialect: { header: true, skipInitialSpace: true },
      input: lines(TREE_HEADER, BLANK_TREES[0].join(','), BLANK_TREES[1].join(',')),
      expected: BLANK_TREES,
      differs: { records: BLANK_TREES.map((tree) => tree.map((text) => text.trimStart())), why: [WHY.skipInitialSpace] },
    },
  ],
  unit: 'tests',
  notApplicable: [
    { count: 10, why: 'dialect properties that Table Dialect does not have: `trim`, `skipColumns`, `headerRowCount`', which: 'test020–022, 024, 032, 033, 054, 057, 058, 262' },
    { count: 16, why: 'properties with values of the wrong type, which a CSVW processor replaces by defaults with a warning; here they are refused at synth', which: 'test059–063, 065–072, 081, 087, 106' },
    { count: 256, why: 'metadata: finding, merging and checking it, datatypes and formats, keys, conversion to JSON and RDF', which: 'all others' },
  ],
};
