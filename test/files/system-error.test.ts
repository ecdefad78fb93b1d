import { describe, expect, it } from 'vitest';
import { TunerError } from '../../src/errors/index.js';
import { fileError, systemCode } from '../../src/files/index.js';

const system = (code: string) => Object.assign(new Error(`${code}: it says`), { code });

describe('fileError', () => {
  it.each([
    ['ENOSPC', 'FILES_DISK_FULL'],
    ['EDQUOT', 'FILES_DISK_FULL'],
    ['EROFS', 'FILES_READ_ONLY'],
    ['EACCES', 'FILES_READ_ONLY'],
    ['EPERM', 'FILES_READ_ONLY'],
    ['ENOENT', 'FILES_NO_FOLDER'],
    ['ENOTDIR', 'FILES_NO_FOLDER'],
    ['EIO', 'FILES_FAILED'],
  ])('says %s as %s, with path, reason and cause', (code, wanted) => {
    const cause = system(code);
    const error = fileError('write', '/some/path', cause);
    expect(error).toBeInstanceOf(TunerError);
    expect(error.code).toBe(wanted);
    expect(error.message).toContain('write /some/path');
    expect(error.message).toContain(cause.message);
    expect(error.cause).toBe(cause);
  });

  it('takes anything thrown', () => {
    expect(fileError('write', '/p', 'a string').message).toContain('a string');
    expect(systemCode(undefined)).toBe('');
    expect(systemCode(Object.assign(new Error(), { code: 5 }))).toBe('');
  });
});
