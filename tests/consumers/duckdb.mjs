// Runs the statements of docs/consumers.md in DuckDB, on the NDJSON of a sample: NODE_PATH must lead to
// @duckdb/node-api. usage: node duckdb.mjs HANGUP PROJECT; exit status 1 when one fails or finds nothing.
import {execFileSync} from 'node:child_process';
import {createRequire} from 'node:module';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const [hangup, project] = process.argv.slice(2);
const {DuckDBInstance, version} = createRequire(path.join(process.env.NODE_PATH, 'x.js'))('@duckdb/node-api');
const text = fs.readFileSync(path.join(project, 'docs/consumers.md'), 'utf8');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'duckdb-'));
const lines = execFileSync(hangup, ['-q', '-o', 'ndjson', path.join(project, 'pcaps/router.middle.pcap')]);

fs.writeFileSync(path.join(folder, 'day.ndjson'), lines);
process.chdir(folder);
const connection = await (await DuckDBInstance.create()).connect();
console.log(`DuckDB ${version()}`);
for (const [, statement] of text.matchAll(/^```sql\n(.*?)^```/gms)) {
	const rows = (await connection.runAndReadAll(statement)).getRowObjectsJson();
	console.log(statement, rows);
	if (rows.length === 0)
		process.exitCode = 1;
}
fs.rmSync(folder, {recursive: true});
