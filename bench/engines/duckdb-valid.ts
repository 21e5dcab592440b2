import { condition, connect, outputColumns, readCsv, rowsOf } from './duckdb';
import { runEngine } from './engine-run';

// What it cannot read it drops; what does not meet the constraints is filtered out. Nobody learns of either.
void runEngine(async (job) => {
  const connection = await connect();
  const written = await rowsOf(connection, `COPY (SELECT ${outputColumns(job.schema)} FROM ${readCsv(job, 'ignore_errors = true')} `
    + `WHERE ${condition(job.schema)}) TO '${job.output}' (FORMAT json)`);
  return { written };
});
