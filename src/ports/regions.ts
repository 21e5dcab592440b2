/** A pipeline in two regions: one of them works, the other one stands by. */
import { OptionalEnv, REGIONS_ENV } from '../contract/env';
import { CHUNK_PREFIX, FenceItem, JobItem, STANDBY_CHUNK_PREFIX } from '../contract/job-item';

/** The regions as the functions of one of them see them. */
export interface Regions {
  /** Where the functions run. */
  readonly own: string;
  /** The one that is active as long as nobody has switched. */
  readonly primary: string;
  /** The bucket of `own` that files land in. The other region's has another name, and the same keys and versions. */
  readonly bucket: string;
}

/** All variables are set or none. @returns undefined where the pipeline has one region */
export function regionsOf(env: OptionalEnv<typeof REGIONS_ENV>): Regions | undefined {
  const { OWN_REGION: own, PRIMARY_REGION: primary, OWN_BUCKET_NAME: bucket } = env;
  return own === undefined || primary === undefined || bucket === undefined ? undefined : { own, primary, bucket };
}

/** Where the job is worked on: its uploads and work files are nowhere else. */
export function regionOf({ execution_arn: arn }: JobItem): string {
  return arn.split(':')[3];
}

/** What the ids of this region's chunks begin with. @param regions undefined: there is one */
export function chunkPrefixOf(regions: Regions | undefined): string {
  return regions === undefined || regions.own === regions.primary ? CHUNK_PREFIX : STANDBY_CHUNK_PREFIX;
}

/** Which region may change jobs, since when (epoch milliseconds), and how often it was switched. */
export interface Fence {
  readonly activeRegion: string;
  readonly epoch: number;
  readonly since: number;
}

/** @param item undefined: nobody has ever switched */
export function fenceOf(item: FenceItem | undefined, primary: string): Fence {
  if (item === undefined) return { activeRegion: primary, epoch: 0, since: 0 };
  return { activeRegion: item.active_region, epoch: item.epoch, since: item.since };
}

/** The other region is the active one: nothing is changed here. No retry helps, and it is nobody's fault. */
export class PassiveRegionError extends Error {
  constructor(readonly region: string, { activeRegion, epoch, since }: Fence) {
    const active = epoch === 0 ? 'unless somebody switches' : `since ${new Date(since).toISOString()}`;
    super(`expected region ${region} to be the active one, got ${activeRegion}, which is active ${active}: nothing is changed here. `
      + `To make ${region} active run csv-chunk-pipeline activate --pipeline NAME --region ${region}`);
    this.name = 'PassiveRegionError';
  }
}
