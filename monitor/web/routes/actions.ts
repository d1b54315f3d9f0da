import type { FastifyInstance } from 'fastify';
import type { WebContext } from '../web-context';
export function registerActions(_web: FastifyInstance, _context: WebContext, _f?: unknown): void {}
