import { generatedFile, generateRecords, quoted } from './bench-file';
import { Schema } from '../../src/spec/schema';
import { Random } from '../random';

const COUNTRIES = ['日本', 'Deutschland', 'Österreich', 'España', 'Россия', 'الأردن', '中国', 'Ελλάδα', 'Türkiye', 'France'];

const SCHEMA: Schema = {
  fields: [
    { name: 'kunde', type: 'integer', constraints: { required: true, minimum: 1 } },
    { name: 'naïve_name', type: 'string', constraints: { required: true, minLength: 2, maxLength: 60 } },
    { name: '住所', type: 'string', constraints: { required: true, maxLength: 120 } },
    { name: 'country', type: 'string', constraints: { required: true, enum: COUNTRIES } },
    { name: 'seit', type: 'date', formats: ['default', '%d.%m.%Y'], constraints: { required: true } },
    { name: 'saldo', type: 'decimal', precision: 12, scale: 2, constraints: { required: true } },
    { name: 'notiz', type: 'string', constraints: { maxLength: 300 } },
  ],
};

const NAMES = ['田中太郎', '王小明', 'Jürgen Müller', 'Zoë Strauß', 'Анна Каренина', 'Αλέξανδρος', 'محمد علي', 'José Muñoz', 'Søren Ødegård', 'Łukasz Żak'];
const STREETS = ['東京都千代田区千代田', 'Königstraße', 'улица Ленина', 'Calle de Alcalá', '北京市朝阳区', 'شارع الملكة رانيا', 'Πανεπιστημίου', 'Rue de l’Église'];
const NOTES = ['お世話になっております', 'sehr geehrte Damen und Herren', 'Спасибо за заказ', '😀👍', 'très bien', '谢谢您的订购', 'grüße', '“zitiert”', 'naïve café'];

function record(random: Random): string[] {
  const [year, month, day] = [1990 + random.below(35), String(1 + random.below(12)).padStart(2, '0'), String(1 + random.below(28)).padStart(2, '0')];
  const street = `${random.pick(STREETS)} ${1 + random.below(200)}`;
  const note = Array.from({ length: random.below(6) }, () => random.pick(NOTES)).join(' ');
  return [
    String(1 + random.below(10_000_000)), random.pick(NAMES),
    random.chance(0.2) ? quoted(`${street}, ${random.pick(STREETS)}`) : street,
    random.pick(COUNTRIES), random.chance(0.5) ? `${year}-${month}-${day}` : `${day}.${month}.${year}`,
    `${random.below(100_000)}.${random.digits(2)}`, note,
  ];
}

const FAULTS: ReadonlyArray<(fields: string[]) => void> = [
  (fields) => { fields[0] = 'keine'; },
  (fields) => { fields[1] = ''; },
  (fields) => { fields[3] = 'Ruritanien'; },
  (fields) => { fields[4] = '31.02.2024'; },
  (fields) => { fields.pop(); },
];

/** Customers of ten countries: most of the text is outside ASCII, one to four bytes a character. */
export const nonAsciiFile = generatedFile('non-ascii', SCHEMA, 100, (sizeBytes) => generateRecords(SCHEMA, sizeBytes, record, FAULTS));
