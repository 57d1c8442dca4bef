import { describe, expect, it } from '@jest/globals';
import { formatAddress, isLoopback, readAddress, readListen, readPort } from './listen-address.js';

describe('readAddress', () => {
  it.each([
    ['0.0.0.0:8080', '0.0.0.0', 8080],
    ['localhost', 'localhost', null],
    ['[::1]:8080', '::1', 8080],
    ['[::]', '::', null],
    ['::1', '::1', null],
    ['host.example:0', 'host.example', 0],
  ])('reads %s', (text, host, port) => {
    expect(readAddress(text)).toEqual({ host, port });
  });

  it.each([
    '',
    ':8080',
    'host:',
    'host:x',
    'host:65536',
    'a:b:1',
    '[host]:1',
    'http://h:1',
    '[::1',
  ])('refuses %j', (text) => {
    expect(readAddress(text)).toBeNull();
  });
});

describe('readListen', () => {
  it('reads a host and a port', () => {
    expect(readListen('[::1]:80')).toEqual({ host: '::1', port: 80 });
  });

  it('refuses a host without a port', () => {
    expect(readListen('localhost')).toBeNull();
  });
});

describe('readPort', () => {
  it.each([
    ['0', 0],
    ['65535', 65535],
    ['65536', null],
    ['-1', null],
    ['80.5', null],
    ['0x50', null],
    ['tcp://10.0.0.1:80', null],
  ])('reads %s as %s', (text, port) => {
    expect(readPort(text)).toBe(port);
  });
});

describe('formatAddress', () => {
  it.each([
    ['::1', '[::1]:80'],
    ['127.0.0.1', '127.0.0.1:80'],
  ])('writes %s', (host, text) => {
    expect(formatAddress({ host, port: 80 })).toBe(text);
  });
});

describe('isLoopback', () => {
  it.each([
    ['127.0.0.1', true],
    ['127.9.9.9', true],
    ['::1', true],
    ['localhost', true],
    ['0.0.0.0', false],
    ['::', false],
    ['127.example.com', false],
    ['10.0.0.1', false],
  ])('judges %s', (host, expected) => {
    expect(isLoopback(host)).toBe(expected);
  });
});
