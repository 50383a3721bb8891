#!/usr/bin/env node
import { start } from './start.js';

start(({ main }) => main(process.argv.slice(2)));
