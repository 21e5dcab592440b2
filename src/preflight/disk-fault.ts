/** Why a file or a folder could not be written, in words. */
const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'a disk that is full',
  EFBIG: 'a limit to the size of files',
  EDQUOT: 'a quota that is used up',
  EXDEV: 'another file system, to which nothing is moved',
  EACCES: 'no right to write there',
  EPERM: 'no right to write there',
  EROFS: 'a file system that is read-only',
  ENOTDIR: 'a file in place of a folder',
  EEXIST: 'a file in place of a folder',
  EISDIR: 'a folder in place of a file',
  ERR_FS_EISDIR: 'a folder in place of a file',
  ENOENT: 'a place that takes no folder, such as a link to nothing',
  ENAMETOOLONG: 'a name that is too long',
  ELOOP: 'links that lead to themselves',
};

/** What the run writes could not be written. */
export class DiskFault extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'DiskFault';
  }
}

/** What came instead of a place that can be written. */
export function diskFault({ code, message }: NodeJS.ErrnoException): string {
  return code !== undefined && Object.hasOwn(REASONS, code) ? `${REASONS[code]} (${code})` : message;
}

/** Whether a path leads to nothing. Any other error says nothing of what is there: it counts as there. */
export function isGone({ code }: NodeJS.ErrnoException): boolean {
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'ESTALE';
}
