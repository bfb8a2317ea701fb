# keyturn in a container: https://docs.docker.com/reference/dockerfile/ (docs/deploy-docker.md).
# glibc, since the local model's engine has no musl binary; no GPU layers (package.json leaves them out).
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --include=dev --ignore-scripts --no-audit --no-fund
COPY tsconfig.json ./
COPY tools ./tools
COPY bench ./bench
COPY src ./src
COPY models/catalog.json models/lifeboat.gguf ./models/
RUN npm run build && npm run warm && npm prune --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:24-bookworm-slim
WORKDIR /app
# What Node compiled of the server as the image was built: it starts sooner.
ENV NODE_ENV=production DATA_DIR=/data NODE_COMPILE_CACHE=/app/dist/compile-cache
# The home of key and usage; a volume that is mounted here keeps its owner.
RUN install -d -o node -g node -m 0700 /data
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json ./
COPY models/lifeboat.gguf ./models/lifeboat.gguf
USER node
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:'+(process.env.PORT||3000)+'/health').then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"]
CMD ["node", "dist/main.js"]
