# syntax=docker/dockerfile:1

FROM node:26-slim AS base
WORKDIR /app
COPY package.json package-lock.json .npmrc ./

FROM base AS build
RUN npm ci
COPY tsconfig.json tsconfig.build.json nest-cli.json .swcrc ./
COPY src ./src
RUN npm run build

# What runs: no compiler, no test tool, and no second Node. That one is an optional dependency, but so
# are DuckDB's libraries, so npm cannot be told to leave out all of them.
FROM base AS dependencies
RUN npm ci --omit=dev && rm -rf node_modules/node-linux-* node_modules/.bin/node

FROM node:26-slim
ENV NODE_ENV=production \
    SLUICE_CONFIG=/app/config.json
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json config.json config.schema.json ./
# All that is ever written: analytics, and what waits for their sinks.
RUN mkdir data && chown node:node data
USER node
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=5s --retries=3 \
  CMD ["node", "dist/health/self-check.js"]
# Exec form: SIGTERM reaches the process itself, which drains.
CMD ["node", "--enable-source-maps", "dist/main.js"]
