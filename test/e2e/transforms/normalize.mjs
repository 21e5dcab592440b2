/** What the end-to-end test of module transforms deploys. */
export default async function normalize(record, context) {
  if (record.text === 'drop') return null;
  if (record.text === 'refuse') return context.reject('refused by the module', 'text');
  if (record.text === 'throw') throw new Error(`thrown for ${record.id}`);
  return { id: record.id, text: record.text.toUpperCase(), kind: typeof record.id };
}
