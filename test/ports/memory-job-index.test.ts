import { describeJobIndex } from './job-index-contract';
import { IndexedJobTable } from '../../simulation/indexed-job-table';

describeJobIndex('memory', async () => new IndexedJobTable());
