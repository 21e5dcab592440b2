import { condition, connect, outputColumns, readCsv, rowsOf } from './duckdb';
import { runEngine } from './engine-run';

// `store_rejects` notes what cannot be read; constraints are a column of a table that is read once more for each of
// both outputs. That is quicker than to read the file twice.
void runEngine(async (job) => {
  const connection = await connect();
  await connection.run(`CREATE TEMP TABLE records AS SELECT *, (${condition(job.schema)}) IS TRUE AS valid `
    + `FROM ${readCsv(job, 'store_rejects = true, rejects_limit = 0')}`);
  const written = await rowsOf(connection, `COPY (SELECT ${outputColumns(job.schema)} FROM records WHERE valid) TO '${job.output}' (FORMAT json)`);
  const invalid = await rowsOf(connection, `COPY (SELECT * FROM records WHERE NOT valid) TO '${job.rejects}' (FORMAT json)`);
  const errors = 'reject_errors';
  await connection.run(`COPY ${errors} TO '${job.rejects}.errors' (FORMAT json)`);
  // A record with several errors has several rows.
  const unreadable = await rowsOf(connection, `SELECT count(DISTINCT line_byte_position) FROM ${errors}`);
  return { written, rejected: invalid + unreadable };
});
