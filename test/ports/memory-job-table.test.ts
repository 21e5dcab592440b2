import { describeFence, describeJobTable } from './job-table-contract';
import { MemoryJobTable } from '../../src/preflight/memory-job-table';

describeJobTable('memory', async () => new MemoryJobTable());
describeFence('memory', async (regions) => new MemoryJobTable(regions));
