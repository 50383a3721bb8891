#!/usr/bin/env node
import { start } from './start.js';

// In place of cassandra-stress, with its arguments.
start(({ main }) => main(['cassandra-stress', ...process.argv.slice(2)]));
