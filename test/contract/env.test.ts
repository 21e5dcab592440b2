import { isFastPathOn } from '../../src/contract/env';

test.each([[undefined, true], ['', true], ['on', true], ['off', false]])('CSV_FAST_PATH=%s: the fast path is on: %s', (word, isOn) => {
  expect(isFastPathOn({ CSV_FAST_PATH: word })).toBe(isOn);
});

test.each(['no', 'OFF', 'false', '0', ' off'])('fails when CSV_FAST_PATH is "%s"', (word) => {
  expect(() => isFastPathOn({ CSV_FAST_PATH: word })).toThrow(`expected the environment variable CSV_FAST_PATH to be on or off, got "${word}"`);
});
