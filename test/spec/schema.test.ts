import { compileField } from '../../src/engine/types/field-converter';
import { FIELD_TYPES, missingTextsOf, Schema, Field } from '../../src/spec/schema';
import { checkTableSchema } from '../../src/spec/schema-check';

const check = (...fields: unknown[]) => checkTableSchema({ fields });
const field = (properties: object) => check({ name: 'a', ...properties });

describe('what is right', () => {
  const right: Schema = {
    missingValues: ['', 'NA'],
    fields: [
      { name: 'id', constraints: { required: true, pattern: '[A-Z]\\d+', minLength: 2, maxLength: 12 } },
      { name: 'count', type: 'integer', groupChar: ',', constraints: { minimum: 0, maximum: '99999999999999999999' } },
      { name: 'ratio', type: 'number', decimalChar: ',', groupChar: '.', bareNumber: false, constraints: { minimum: '1.000,5' } },
      { name: 'amount', type: 'decimal', precision: 12, scale: 2, constraints: { minimum: -0.5, enum: ['1.50', 2] } },
      { name: 'flag', type: 'boolean', trueValues: ['Y'], falseValues: ['N'], constraints: { enum: [true, 'N'] } },
      { name: 'day', type: 'date', formats: ['%d.%m.%Y', 'default'], constraints: { minimum: '2000-01-01', maximum: '31.12.2099' } },
      { name: 'at', type: 'datetime', format: 'any', timezone: 'Europe/Berlin', constraints: { maximum: '2030-01-01T00:00:00+14:00' } },
      { name: 'mail', type: 'string', format: 'email', missingValues: ['-'], title: 'Mail', description: 'Where to write' },
    ],
  };

  test('is returned as it is, and compiles', () => {
    expect(checkTableSchema(right)).toBe(right);
    const schema: Schema = right; // the engine's interface takes the contract's
    for (const each of schema.fields) {
      expect(() => compileField(each, missingTextsOf(each, schema))).not.toThrow();
    }
  });

  test('may describe itself, and ask for nothing that is not supported', () => {
    const described = {
      $schema: 'https://datapackage.org/profiles/2.0/tableschema.json',
      name: 'x',
      title: 'X',
      description: 'Y',
      fieldsMatch: 'exact',
      primaryKey: [],
      foreignKeys: [],
      fields: [{ name: 'a', example: '1', rdfType: 'http://schema.org/name', constraints: { unique: false } }],
    };
    expect(checkTableSchema(described)).toBe(described);
    expect(() => checkTableSchema({ fields: [{ name: 'a' }], fieldsMatch: ['exact'] })).not.toThrow();
  });

  test('may hold undefined for what is left out', () => {
    expect(() => field({ type: undefined, timezone: undefined, constraints: { unique: undefined } })).not.toThrow();
  });
});

describe('schema', () => {
  test.each([
    [undefined, 'schema must be an object, got undefined'],
    [null, 'schema must be an object, got null'],
    [[], 'schema must be an object, got []'],
    ['{}', 'schema must be an object, got "{}"'],
    [{}, 'schema.fields must hold at least one field, got undefined'],
    [{ fields: [] }, 'schema.fields must hold at least one field, got []'],
    [{ fields: {} }, 'schema.fields must hold at least one field, got {}'],
    [{ fields: ['a'] }, 'schema.fields[0] must be an object, got "a"'],
    [{ fields: [{ name: 'a' }, { name: 'b' }, { name: 'a' }] }, 'schema.fields[2].name must differ from the name of schema.fields[0], got "a"'],
    [{ fields: [{ name: 'a' }], missingValues: '' }, 'schema.missingValues must be a list of strings, got ""'],
    [{ fields: [{ name: 'a' }], missingValues: [{ value: '', text: 'none' }] }, 'schema.missingValues[0] must be a string, got {"value":"","text":"none"}'],
    [{ fields: [{ name: 'a' }], missingValues: [{ value: -9 }] }, 'schema.missingValues[0] must be a string, got {"value":-9}'],
    [{ fields: [{ name: 'a' }], missingValues: [null] }, 'schema.missingValues[0] must be a string, got null'],
    [{ fields: [{ name: 'a' }], primaryKey: ['b'] }, 'schema.primaryKey[0] must name a field of the schema, got "b"'],
    [{ fields: [{ name: 'a' }], foreignKeys: 'a' }, 'schema.foreignKeys must be a list of foreign keys, got "a"'],
    [{ fields: [{ name: 'a' }], foreignKeys: [{}] }, 'schema.foreignKeys[0].fields must be a field name, or a list of at least one, got undefined'],
    [{ fields: [{ name: 'a' }], foreignKeys: [{ fields: 'b', reference: {} }] }, 'schema.foreignKeys[0].fields must name fields of the schema, got "b"'],
    [{ fields: [{ name: 'a' }], foreignKeys: [{ fields: 'a' }] }, 'schema.foreignKeys[0].reference must be an object, got undefined'],
    [{ fields: [{ name: 'a' }], foreignKeys: [{ fields: 'a', reference: { fields: ['b', 'c'] } }] },
      'schema.foreignKeys[0].reference.fields must be as many as the fields, which are 1, got ["b","c"]'],
    [{ fields: [{ name: 'a' }], uniqueKeys: [['b']] }, 'schema.uniqueKeys[0][0] must name a field of the schema, got "b"'],
    [{ fields: [{ name: 'a' }], field: [1] }, 'schema.field must be written as fields, which is most likely meant and would not be checked, got [1]'],
    [{ fields: [{ name: 'a' }], constraints: { required: true } }, 'schema.constraints must be left out: constraints are of a field, got {"required":true}'],
    [{ fields: [{ name: 'a' }], quotedMissingValue: false }, 'schema.quotedMissingValue must be written as quotedMissingValues, which is most likely meant'],
    [{ fields: [{ name: 'a' }], bareNumber: false }, 'schema.bareNumber must be written as bareNumber of a field'],
    [{ fields: [{ name: 'a', quotedMissingValues: false }] }, 'schema.fields[0].quotedMissingValues must be written as quotedMissingValues of the schema'],
    [{ fields: [{ name: 'a', headerCase: false }] }, 'schema.fields[0].headerCase must be written as headerCase of the schema'],
    [{ fields: [{ name: 'a' }], trim: 1 }, 'schema.trim must be true or false, got 1'],
    [{ fields: [{ name: 'a' }], trim: true, missingValues: ['', ' '] }, 'schema.missingValues[1] must have no blanks around it'],
    [{ fields: [{ name: 'a ' }], trim: true }, 'schema.fields[0].name must have no blanks around it'],
    [{ fields: [{ name: 'a', aliases: ['b', '\tc'] }], trim: true }, 'schema.fields[0].aliases[1] must have no blanks around it'],
  ])('%j', (descriptor, message) => {
    expect(() => checkTableSchema(descriptor)).toThrow(message);
  });
});

describe('field', () => {
  test.each([
    [{ name: '' }, 'schema.fields[0].name must be a string of at least one character, got ""'],
    [{ name: undefined }, 'schema.fields[0].name must be a string of at least one character, got undefined'],
    [{ name: 1 }, 'schema.fields[0].name must be a string of at least one character, got 1'],
    [{ name: '__proto__' }, 'schema.fields[0].name must be another name, got "__proto__"'],
    [{ type: 'timestamp' }, 'schema.fields[0].type must be one of string, integer, number, decimal, boolean, date, datetime, time, year, yearmonth, duration, object, array, list, geopoint, geojson, any; most likely datetime is meant, got "timestamp"'],
    [{ type: null }, 'schema.fields[0].type must be one of'],
    [{ type: 'float' }, 'geojson, any; most likely number is meant, got "float"'],
    [{ type: 'int' }, '; most likely integer is meant, got "int"'],
    [{ type: 'varchar(20)' }, '; most likely string is meant, got "varchar(20)"'],
    [{ type: 'Interger' }, '; most likely integer is meant, got "Interger"'],
    [{ type: 'hstore' }, 'geojson, any, got "hstore"'],
    [{ missingValues: 'NA' }, 'schema.fields[0].missingValues must be a list of strings, got "NA"'],
    [{ trueValues: ['y'] }, 'schema.fields[0].trueValues must be left out: it is for type boolean, and the type is string, got ["y"]'],
    [{ type: 'number', precision: 3 }, 'schema.fields[0].precision must be left out: it is for type decimal, and the type is number, got 3'],
    [{ type: 'date', timezone: 'UTC' }, 'schema.fields[0].timezone must be left out: it is for type datetime, and the type is date, got "UTC"'],
    [{ type: 'boolean', trueValues: [], falseValues: [] }, 'schema.fields[0].trueValues must hold a value where falseValues holds none, got []'],
    [{ jsonText: 1 }, 'schema.fields[0].jsonText must be true or false, got 1'],
    [{ type: 'integer', jsonText: true }, 'schema.fields[0].jsonText must be left out: it is for type string, and the type is integer, got true'],
    [{ decimalChar: ',' }, 'schema.fields[0].decimalChar must be left out: it is for type number, decimal, integer, and the type is string, got ","'],
  ])('%j', (properties, message) => {
    expect(() => field(properties)).toThrow(message);
  });
});

describe('format', () => {
  test.each([
    [{ format: 'hostname' }, 'schema.fields[0].format must be one of default, any, email, uri, uuid, binary, got "hostname"'],
    [{ type: 'integer', format: 'any' }, 'schema.fields[0].format must be default for type integer, got "any"'],
    [{ type: 'date', format: 'YYYY-MM-DD' }, 'schema.fields[0].format must be default, any, or a pattern such as %Y-%m-%d, got "YYYY-MM-DD"'],
    [{ type: 'date', format: '%Y %d' }, 'schema.fields[0].format must hold one of %m, %b and %B if it holds %d, or %j alone, got "%Y %d"'],
    [{ type: 'datetime', format: '%Y-%m %H' }, 'schema.fields[0].format must hold a day if it holds a weekday or an hour, got "%Y-%m %H"'],
    [{ type: 'datetime', format: '%Y-%m-%d %U' }, 'schema.fields[0].format must hold only the directives %Y %y %m %d %j %b %B %a %A %H %I %p %M %S %f %z %Z %%, not %U, got "%Y-%m-%d %U"'],
    [{ type: 'datetime', format: '%Y-%m-%d %Z' }, 'schema.fields[0].format must hold %Z only where zoneAbbreviations says which offset each abbreviation is, got "%Y-%m-%d %Z"'],
    [{ type: 'datetime', format: '%Y-%m-%d %H %z %Z', zoneAbbreviations: { CET: '+01:00' } }, 'schema.fields[0].format must hold one of %z and %Z at most, got'],
    [{ type: 'date', format: '%Y-%m-%d %Z' }, 'schema.fields[0].format must hold no time of day and no offset, because the type is date, got "%Y-%m-%d %Z"'],
    [{ type: 'date', format: 'epoch' }, 'schema.fields[0].format must be default, any, or a pattern such as %Y-%m-%d, got "epoch"'],
    [{ type: 'datetime', format: 'epochMicros' }, 'schema.fields[0].format must be default, any, epoch, epochMillis, or a pattern such as %Y-%m-%d, got "epochMicros"'],
    [{ type: 'date', format: '%Y-%m-%d %H' }, 'schema.fields[0].format must hold no time of day and no offset, because the type is date, got "%Y-%m-%d %H"'],
    [{ type: 'datetime', formats: ['default', '%m'] }, 'schema.fields[0].formats[1] must hold one of %Y and %y, got "%m"'],
    [{ type: 'date', formats: [] }, 'schema.fields[0].formats must hold at least one format, got []'],
    [{ type: 'date', formats: 'any' }, 'schema.fields[0].formats must be a list of strings, got "any"'],
    [{ type: 'date', format: 'any', formats: ['any'] }, 'schema.fields[0].formats must be left out where format is given, got ["any"]'],
    [{ type: 'date', format: 'fmt:DD/MM/YYYY' }, 'schema.fields[0].format must be default, any, or a pattern such as %d/%m/%Y, got "DD/MM/YYYY"'],
    [{ type: 'date', format: 'yyyy/mm/dd' }, 'schema.fields[0].format must be default, any, or a pattern such as %Y/%m/%d, got "yyyy/mm/dd"'],
    [{ type: 'datetime', format: 'DD.MM.YY HH:mm:ss' }, 'must be default, any, epoch, epochMillis, or a pattern such as %d.%m.%y %H:%M:%S, got "DD.MM.YY HH:mm:ss"'],
    [{ type: 'date', format: 'MMM YYYY' }, 'must be default, any, or a pattern such as %Y-%m-%d, got "MMM YYYY"'],
    [{ type: 'time', format: '%H:%M %z' }, 'schema.fields[0].format must hold no date and no offset, because the type is time, got "%H:%M %z"'],
    [{ type: 'time', format: '%M:%S' }, 'schema.fields[0].format must hold an hour, got "%M:%S"'],
    [{ type: 'time', format: 'hh:mm' }, 'schema.fields[0].format must be default, any, or a pattern such as %H:%M, got "hh:mm"'],
    [{ type: 'geopoint', format: 'any' }, 'schema.fields[0].format must be one of default, array, object, got "any"'],
    [{ type: 'geopoint', formats: ['array'] }, 'schema.fields[0].formats must be left out: a geopoint is published in the form of its format, and a field has one, got ["array"]'],
    [{ type: 'geojson', format: 'kml' }, 'schema.fields[0].format must be one of default, topojson, got "kml"'],
    [{ type: 'year', format: 'any' }, 'schema.fields[0].format must be default for type year, got "any"'],
    [{ type: 'date', format: null }, 'schema.fields[0].format must be a string, got null'],
  ])('%j', (properties, message) => {
    expect(() => field(properties)).toThrow(message);
  });
});

describe('settings of a type', () => {
  test.each([
    [{ type: 'number', decimalChar: '' }, 'schema.fields[0].decimalChar must be one character that no number has otherwise (no digit, sign or e), got ""'],
    [{ type: 'number', groupChar: '1' }, 'schema.fields[0].groupChar must be one character that no number has otherwise (no digit, sign or e), got "1"'],
    [{ type: 'number', decimalChar: '–' }, 'schema.fields[0].decimalChar must be one character that no number has otherwise (no digit, sign or e), got "–"'],
    [{ type: 'number', groupChar: '(' }, 'schema.fields[0].groupChar must be one character that no number has otherwise (no digit, sign or e), got "("'],
    [{ type: 'number', groupChars: [' ', '▲'] }, 'schema.fields[0].groupChars[1] must be one character that no number has otherwise (no digit, sign or e), got "▲"'],
    [{ type: 'number', groupChar: ',,' }, 'schema.fields[0].groupChar must be one character'],
    [{ type: 'number', groupChar: '.' }, 'schema.fields[0].groupChar must differ from the decimalChar, got "."'],
    [{ type: 'decimal', groupChar: ',', decimalChar: ',' }, 'schema.fields[0].groupChar must differ from the decimalChar, got ","'],
    [{ type: 'number', groupChars: ',' }, 'schema.fields[0].groupChars must be a list of at least one character, got ","'],
    [{ type: 'number', groupChars: [] }, 'schema.fields[0].groupChars must be a list of at least one character, got []'],
    [{ type: 'number', groupChars: [' ', ''] }, 'schema.fields[0].groupChars[1] must be one character that no number has otherwise (no digit, sign or e), got ""'],
    [{ type: 'number', groupChars: [' ', null] }, 'schema.fields[0].groupChars[1] must be one character that no number has otherwise (no digit, sign or e), got null'],
    [{ type: 'number', groupChars: [' ', '.'] }, 'schema.fields[0].groupChars[1] must differ from the decimalChar, got "."'],
    [{ type: 'number', groupChars: [' ', ' '] }, 'schema.fields[0].groupChars[1] must differ from the characters before it, got " "'],
    [{ type: 'number', groupChar: ' ', groupChars: ['\''] }, 'schema.fields[0].groupChars must be left out where groupChar is given, got ["\'"]'],
    [{ type: 'number', negativeNotations: 'dashes' }, 'schema.fields[0].negativeNotations must be a list of trailingMinus, parentheses, dashes, triangles, debit, credit, got "dashes"'],
    [{ type: 'number', negativeNotations: ['minus'] }, 'schema.fields[0].negativeNotations[0] must be one of trailingMinus, parentheses, dashes, triangles, debit, credit, got "minus"'],
    [{ type: 'decimal', negativeNotations: ['credit', 'debit'] }, 'schema.fields[0].negativeNotations must hold one of debit and credit: each takes the other mark for a positive number, got ["credit","debit"]'],
    [{ type: 'string', negativeNotations: ['dashes'] }, 'schema.fields[0].negativeNotations must be left out: it is for type number, decimal, integer, and the type is string, got ["dashes"]'],
    [{ type: 'number', bareNumber: 'false' }, 'schema.fields[0].bareNumber must be true or false, got "false"'],
    [{ type: 'decimal', precision: 0 }, 'schema.fields[0].precision must be a whole number from 1 to 1000, got 0'],
    [{ type: 'decimal', scale: -1 }, 'schema.fields[0].scale must be a whole number from 0 to 1000, got -1'],
    [{ type: 'decimal', scale: 1.5 }, 'schema.fields[0].scale must be a whole number from 0 to 1000, got 1.5'],
    [{ type: 'decimal', scale: 1e9 }, 'schema.fields[0].scale must be a whole number from 0 to 1000, got 1000000000'],
    [{ type: 'decimal', precision: 4, scale: 5 }, 'schema.fields[0].scale must be a whole number from 0 to 4, got 5'],
    [{ type: 'boolean', trueValues: ['Y', 'X'], falseValues: ['X', 'N'] }, 'schema.fields[0].trueValues must have no value that is both true and false (X), got ["Y","X"]'],
    [{ type: 'list', itemType: 'decimal' }, 'schema.fields[0].itemType must be one of string, integer, boolean, number, datetime, date, time, got "decimal"'],
    [{ type: 'list', delimiter: '' }, 'schema.fields[0].delimiter must be a string of at least one character, got ""'],
    [{ type: 'array', delimiter: ';' }, 'schema.fields[0].delimiter must be left out: it is for type list, and the type is array, got ";"'],
    [{ type: 'geopoint', constraints: { minimum: '0,0' } }, 'schema.fields[0].constraints.minimum must be left out: it is for type integer, number, decimal, date, datetime, time, year, yearmonth, duration, and the type is geopoint, got "0,0"'],
    [{ type: 'year', constraints: { minimum: '24' } }, 'schema.fields[0].constraints.minimum must be a year of four digits, got "24"'],
    [{ type: 'duration', constraints: { minimum: '1 day' } }, 'schema.fields[0].constraints.minimum must be a duration as P1Y2M3DT4H5M6S, got "1 day"'],
    [{ type: 'any', constraints: { enum: ['a', null] } }, 'schema.fields[0].constraints.enum[1] must be a value, got null'],
    [{ trim: 'yes' }, 'schema.fields[0].trim must be true or false, got "yes"'],
    [{ trim: true, missingValues: ['', ' '] }, 'schema.fields[0].missingValues[1] must have no blanks around it: trim takes them off what it is compared with, got " "'],
    [{ trim: true, constraints: { enum: ['a', 'b\u00a0'] } }, 'schema.fields[0].constraints.enum[1] must have no blanks around it'],
    [{ type: 'boolean', trim: true, trueValues: ['yes '] }, 'schema.fields[0].trueValues[0] must have no blanks around it'],
    [{ type: 'date', trim: true, format: '%d.%m.%Y ' }, 'schema.fields[0].format must have no blanks around it'],
    [{ type: 'boolean', trueValues: ['0'] }, 'schema.fields[0].trueValues must have no value that is both true and false (0), got ["0"]'],
    [{ type: 'boolean', falseValues: ['1'] }, 'schema.fields[0].falseValues must have no value that is both true and false (1), got ["1"]'],
    [{ type: 'boolean', trueValues: [1] }, 'schema.fields[0].trueValues[0] must be a string, got 1'],
    [{ type: 'datetime', format: 'epoch', timezone: 'Europe/Berlin' }, 'schema.fields[0].timezone must be left out where every format counts from 1970 in UTC (epoch, epochMillis), got "Europe/Berlin"'],
    [{ type: 'date', format: '%d %b %Y', locale: 'tlh' }, 'schema.fields[0].locale must be a BCP 47 tag of a language that this runtime knows, such as de or fr-CA, got "tlh"'],
    [{ type: 'date', format: '%d %b %Y', locale: 'de_DE' }, 'schema.fields[0].locale must be a BCP 47 tag of a language that this runtime knows, such as de or fr-CA, got "de_DE"'],
    [{ type: 'date', format: '%d %b %Y', locale: 7 }, 'schema.fields[0].locale must be a string, got 7'],
    [{ type: 'date', format: '%d.%m.%Y', locale: 'de' }, 'schema.fields[0].locale must be left out where no format holds a name (%b, %B, %a, %A, %p), got "de"'],
    [{ type: 'date', format: '%%b %d.%m.%Y', locale: 'de' }, 'schema.fields[0].locale must be left out where no format holds a name'],
    [{ type: 'number', locale: 'de' }, 'schema.fields[0].locale must be left out: it is for type date, datetime, time, and the type is number, got "de"'],
    [{ type: 'datetime', zoneAbbreviations: { CET: '+01:00' } }, 'schema.fields[0].zoneAbbreviations must be left out where no format holds %Z, got {"CET":"+01:00"}'],
    [{ type: 'datetime', format: '%Y-%m-%d %H %Z', zoneAbbreviations: {} }, 'schema.fields[0].zoneAbbreviations must hold at least one abbreviation, got {}'],
    [{ type: 'datetime', format: '%Y-%m-%d %H %Z', zoneAbbreviations: { CET: 'Europe/Berlin' } }, 'schema.fields[0].zoneAbbreviations.CET must be an offset such as +02:00, got "Europe/Berlin"'],
    [{ type: 'datetime', format: '%Y-%m-%d %H %Z', zoneAbbreviations: { CET: 1 } }, 'schema.fields[0].zoneAbbreviations.CET must be an offset such as +02:00, got 1'],
    [{ type: 'datetime', format: '%Y-%m-%d %H %Z', zoneAbbreviations: { 'C T': 'Z' } }, 'schema.fields[0].zoneAbbreviations must have names of letters alone, got "C T"'],
    [{ type: 'datetime', format: '%Y-%m-%d %H %Z', zoneAbbreviations: { CET: 'Z', cet: 'Z' } }, 'schema.fields[0].zoneAbbreviations must have names that differ in more than letter case from CET, got "cet"'],
    [{ type: 'datetime', timezone: 'Mars/Olympus' }, 'schema.fields[0].timezone must be an IANA name such as Europe/Berlin, or an offset such as +02:00, got "Mars/Olympus"'],
  ])('%j', (properties, message) => {
    expect(() => field(properties)).toThrow(message);
  });

  test.each(['UTC', 'Z', 'Europe/Berlin', '+02:00', '-0330', '+14:00', '+14:01', '+15:00', '+5', '', 'local', '+05:60'])('time zone %j is right here exactly when it compiles', (timezone) => {
    expect(accepts(() => field({ type: 'datetime', timezone }))).toBe(accepts(() => compileField({ name: 'a', type: 'datetime', timezone })));
  });
});

describe('constraints', () => {
  test.each([
    [{ constraints: [] }, 'schema.fields[0].constraints must be an object, got []'],
    [{ constraints: { unique: 'yes' } }, 'schema.fields[0].constraints.unique must be true or false, got "yes"'],
    [{ type: 'integer', constraints: { exclusiveMinimum: true } }, 'schema.fields[0].constraints.exclusiveMinimum must be an integer, got true'],
    [{ type: 'integer', constraints: { exclusiveMinimum: 5, maximum: 5 } }, 'schema.fields[0].constraints.exclusiveMinimum must be less than maximum, which is 5, got 5'],
    [{ type: 'number', constraints: { minimum: 5, exclusiveMaximum: '5' } }, 'must be less than exclusiveMaximum, which is 5, got 5'],
    [{ type: 'date', constraints: { minimum: '2024-01-02', exclusiveMaximum: '2024-01-01' } }, 'must be less than exclusiveMaximum, which is 2024-01-01, got "2024-01-02"'],
    [{ constraints: { exclusiveMaximum: 1 } }, 'schema.fields[0].constraints.exclusiveMaximum must be left out: it is for type integer, number,'],
    [{ type: 'number', constraints: { minimum: 'INF' } }, 'schema.fields[0].constraints.minimum must be a number (exponents to 400), got "INF"'],
    [{ constraints: { jsonSchema: { type: 'object' } } }, 'schema.fields[0].constraints.jsonSchema must be one of the known constraints (required, unique, minLength,'],
    [{ constraints: { required: 'yes' } }, 'schema.fields[0].constraints.required must be true or false, got "yes"'],
    [{ constraints: { minLength: -1 } }, 'schema.fields[0].constraints.minLength must be a whole number >= 0, got -1'],
    [{ constraints: { maxLength: '5' } }, 'schema.fields[0].constraints.maxLength must be a whole number >= 0, got "5"'],
    [{ constraints: { minLength: 5, maxLength: 4 } }, 'schema.fields[0].constraints.minLength must be at most maxLength, which is 4, got 5'],
    [{ type: 'integer', constraints: { maxLength: 4 } }, 'schema.fields[0].constraints.maxLength must be left out: it is for type string, array, list, object, and the type is integer, got 4'],
    [{ constraints: { pattern: 'a'.repeat(102_400) } },
      'the length of schema.fields[0].constraints.pattern must be at most 10000 characters (a list of values is an enum), got 102400'],
    [{ constraints: { pattern: '(' } }, 'schema.fields[0].constraints.pattern must be a regular expression of JavaScript with the flag u (Invalid regular expression'],
    [{ constraints: { pattern: 5 } }, 'schema.fields[0].constraints.pattern must be a string, got 5'],
    [{ constraints: { minimum: 5 } }, 'schema.fields[0].constraints.minimum must be left out: it is for type integer, number, decimal, date, datetime, time, year, yearmonth, duration, and the type is string, got 5'],
    [{ type: 'boolean', constraints: { maximum: 1 } }, 'schema.fields[0].constraints.maximum must be left out'],
    [{ type: 'integer', constraints: { minimum: 1.5 } }, 'schema.fields[0].constraints.minimum must be an integer, got 1.5'],
    [{ type: 'integer', constraints: { minimum: true } }, 'schema.fields[0].constraints.minimum must be an integer, got true'],
    [{ type: 'integer', constraints: { minimum: 2 ** 53 } }, 'schema.fields[0].constraints.minimum must be a string, because a JSON number does not hold so many digits exactly, got 9007199254740992'],
    [{ type: 'number', constraints: { minimum: 'x' } }, 'schema.fields[0].constraints.minimum must be a number (exponents to 400), got "x"'],
    [{ type: 'number', constraints: { minimum: '1e401' } }, 'schema.fields[0].constraints.minimum must be a number (exponents to 400), got "1e401"'],
    [{ type: 'date', constraints: { minimum: '2023-02-29' } }, 'schema.fields[0].constraints.minimum must be a date as YYYY-MM-DD, got "2023-02-29"'],
    [{ type: 'date', constraints: { minimum: 20230228 } }, 'schema.fields[0].constraints.minimum must be a date as YYYY-MM-DD, got 20230228'],
    [{ type: 'datetime', constraints: { maximum: '2024-01-01' } }, 'schema.fields[0].constraints.maximum must be a datetime as YYYY-MM-DDThh:mm:ss with an optional fraction and offset, got "2024-01-01"'],
    [{ type: 'integer', constraints: { enum: [] } }, 'schema.fields[0].constraints.enum must be a list of at least one value, got []'],
    [{ type: 'integer', constraints: { enum: [1, 'x'] } }, 'schema.fields[0].constraints.enum[1] must be an integer, got "x"'],
    [{ constraints: { enum: ['a', 1] } }, 'schema.fields[0].constraints.enum[1] must be a string, got 1'],
    [{ constraints: { enum: [null] } }, 'schema.fields[0].constraints.enum[0] must be a string, got null'],
    [{ type: 'boolean', constraints: { enum: ['yes'] } }, 'schema.fields[0].constraints.enum[0] must be true, false, or one of true, True, TRUE, 1, false, False, FALSE, 0, got "yes"'],
  ])('%j', (properties, message) => {
    expect(() => field(properties)).toThrow(message);
  });

  test.each([
    ['integer', 6, 5, false],
    ['integer', '100000000000000000001', '100000000000000000000', false],
    ['integer', '-6', -5, true],
    ['integer', 5, 5, true],
    ['number', '0.30000000000000000001', 0.3, false],
    ['number', '1e400', '-1e400', false],
    ['number', '1e-400', '.5', true],
    ['decimal', '1.50', '1.5', true],
    ['date', '2024-02-01', '2024-01-31', false],
    ['datetime', '2024-01-01T00:00:00Z', '2024-01-01T00:30:00+01:00', false],
    ['datetime', '2024-01-01T00:00:01', '2024-01-01T00:00:00', false],
    ['datetime', '2024-01-01T00:00:00Z', '2024-01-01T01:00:00+01:00', true],
  ])('of type %s, minimum %s and maximum %s: %s', (type, minimum, maximum, right) => {
    const checked = expect(() => field({ type, constraints: { minimum, maximum } }));
    if (right) {
      checked.not.toThrow();
    } else {
      checked.toThrow(`schema.fields[0].constraints.minimum must be at most maximum, which is ${maximum}, got `);
    }
  });

  test('long values are told in short', () => {
    expect(() => field({ type: 'integer', constraints: { minimum: 'x'.repeat(500) } })).toThrow(new RegExp(`got "${'x'.repeat(79)}…$`));
  });
});

test('whatever is right here compiles, and whatever is wrong here does not, for each limit in canonical form', () => {
  const values = ['5', '+05', '-5', '5.0', '.5', '5.', '1e3', '1e-401', '', 'x', '2024-02-29', '2023-02-29', '0000-01-01', '2024-02-29T10:20:30', '2024-02-29T10:20:30.5Z', '2024-02-29T24:00:00Z', '2024-02-29T10:20:30+14:00', '2024-02-29T10:20:30+14:01', '2024-02-30T10:20:30Z'];
  for (const type of FIELD_TYPES) {
    for (const minimum of values) {
      const descriptor: Field = { name: 'a', type, constraints: { minimum } };
      expect([type, minimum, accepts(() => check(descriptor))]).toEqual([type, minimum, accepts(() => compileField(descriptor))]);
    }
  }
});

function accepts(action: () => unknown): boolean {
  try {
    action();
    return true;
  } catch {
    return false;
  }
}
