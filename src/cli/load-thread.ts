import { enableCompileCache } from 'node:module';

/* A thread that sends load. The cache of compiled code is each thread's own, and only for what is imported later. */
enableCompileCache();
await import('./serve-profile.ts');
