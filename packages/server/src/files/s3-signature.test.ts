import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { s3Credentials, s3Location } from './s3-location.ts'
import {
  amzTime,
  authorizationOf,
  canonicalRequest,
  encodePath,
  sha256Hex,
} from './s3-signature.ts'

/** The examples of the S3 reference, "Signature calculations: single chunk", all with this scope. */
const scope = {
  credentials: {
    accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
    secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  },
  region: 'us-east-1',
  service: 's3',
  time: '20130524T000000Z',
}
const empty = sha256Hex('')
const host = 'examplebucket.s3.amazonaws.com'
const signed = (headers: Record<string, string>, payloadHash = empty) => ({
  host,
  'x-amz-content-sha256': payloadHash,
  'x-amz-date': scope.time,
  ...headers,
})

describe('signatures', () => {
  it.each([
    [
      'reading a range',
      {
        method: 'GET',
        path: '/test.txt',
        query: '',
        headers: signed({ range: 'bytes=0-9' }),
        payloadHash: empty,
      },
      'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    ],
    [
      'putting an object',
      {
        method: 'PUT',
        path: '/test%24file.text',
        query: '',
        headers: signed(
          { date: 'Fri, 24 May 2013 00:00:00 GMT', 'x-amz-storage-class': 'REDUCED_REDUNDANCY' },
          sha256Hex('Welcome to Amazon S3.'),
        ),
        payloadHash: sha256Hex('Welcome to Amazon S3.'),
      },
      '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
    ],
    [
      'a question with a flag',
      {
        method: 'GET',
        path: '/',
        query: 'lifecycle=',
        headers: signed({}),
        payloadHash: empty,
      },
      'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
    ],
    [
      'a question with values',
      {
        method: 'GET',
        path: '/',
        query: 'max-keys=2&prefix=J',
        headers: signed({}),
        payloadHash: empty,
      },
      '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
    ],
  ])('[FIL18] %s is signed as published', (_, request, signature) => {
    expect(authorizationOf(request, scope)).toContain(`Signature=${signature}`)
  })

  it('[FIL18] names every header that it signs, sorted', () => {
    const headers = signed({ range: 'bytes=0-9' })
    const request = { method: 'GET', path: '/', query: '', headers, payloadHash: empty }
    expect(authorizationOf(request, scope)).toBe(
      `AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, Signature=${/\w{64}$/.exec(authorizationOf(request, scope))?.[0]}`,
    )
    const spaced = { ...request, headers: { host: ' a   b ' } }
    expect(canonicalRequest(spaced)).toContain('host:a b\n')
  })

  it('[FIL18] times and paths have their own spelling', () => {
    expect(amzTime(Date.UTC(2026, 0, 2, 3, 4, 5, 678))).toBe('20260102T030405Z')
    expect(encodePath("a b/ü!'()*~-._")).toBe('a%20b/%C3%BC%21%27%28%29%2A~-._')
  })
})

describe('locations', () => {
  it('[FIL19] name bucket, prefix, endpoint and region', () => {
    const text = 's3://my-files/a/b/?endpoint=http://minio:9000&region=eu-1'
    const { endpoint, ...rest } = s3Location(text)
    expect(rest).toEqual({ bucket: 'my-files', prefix: 'a/b/', region: 'eu-1' })
    expect(endpoint.href).toBe('http://minio:9000/')
    const plain = s3Location('s3://my-files')
    expect(plain).toMatchObject({ prefix: '', region: 'us-east-1' })
    expect(plain.endpoint.href).toBe('https://s3.us-east-1.amazonaws.com/')
  })

  it.each([
    ['s3://', 'must look like'],
    ['s3://UP_per', 'must look like'],
    ['https://bucket', 'must look like'],
    ['s3://bucket?endpoint=minio:9000', 'endpoint'],
    ['s3://bucket?end=http://x', 'unknown part end'],
  ])('[FIL19] %s is refused with what is wrong', (text, problem) => {
    expect(() => s3Location(text)).toThrow(problem)
  })

  it('[FIL19] credentials come from the usual variables or from files that they name', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ringdown-aws-'))
    const file = join(folder, 'secret')
    await writeFile(file, 'from a file\n')
    const env = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'key' }
    expect(s3Credentials(env)).toEqual({ accessKeyId: 'id', secretAccessKey: 'key' })
    expect(
      s3Credentials({
        AWS_ACCESS_KEY_ID: 'id',
        AWS_SECRET_ACCESS_KEY_FILE: file,
        AWS_SESSION_TOKEN: 't',
      }),
    ).toEqual({ accessKeyId: 'id', secretAccessKey: 'from a file', sessionToken: 't' })
    expect(() => s3Credentials({})).toThrow('AWS_ACCESS_KEY_ID')
    const missing = { ...env, AWS_ACCESS_KEY_ID: undefined, AWS_ACCESS_KEY_ID_FILE: `${file}x` }
    expect(() => s3Credentials(missing)).toThrow('cannot be read')
    await rm(folder, { recursive: true })
  })
})
