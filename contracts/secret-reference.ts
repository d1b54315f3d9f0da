/** `env:NAME`, `file:PATH`, `dpapi:PATH`, `prompt:`, `keyring:SERVICE/NAME`, `vault:PATH#KEY`, `azurekv:VAULT/NAME`. A literal password is refused. */
export const secretReferencePattern = /^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+|dpapi:.+|prompt:.*|keyring:[^/]+\/.+|vault:[^#]+#.+|azurekv:[^/]+\/.+)$/;
