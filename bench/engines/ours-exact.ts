import { runFullJob } from './full-job';

runFullJob({ fast: false });
