# One image for the three services; the command chooses which:
#   docker run ... owngateway-webhooks services/ingress/src/main.ts
# Node runs the TypeScript sources as they are, so nothing is compiled. Pin NODE_IMAGE by digest in your own builds.
ARG NODE_IMAGE=node:24.21.0-bookworm-slim

# The package.json files alone, so that the next stage is built again only when a dependency changes, and a new package
# needs no line here.
FROM ${NODE_IMAGE} AS manifests
WORKDIR /app
COPY package.json package-lock.json ./
COPY packages packages
COPY services services
RUN find packages services -type f ! -name package.json -delete

# Without development tools. No package that the services need has an install script.
FROM ${NODE_IMAGE} AS dependencies
WORKDIR /app
COPY --from=manifests /app ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error

FROM ${NODE_IMAGE} AS services
LABEL org.opencontainers.image.title="owngateway-webhooks" \
      org.opencontainers.image.description="Self-hosted payment webhook gateway: ingress, subscriptions, dispatcher" \
      org.opencontainers.image.licenses="Apache-2.0"
ENV NODE_ENV=production
WORKDIR /app
# Owned by root and read by the service: a process that is broken into cannot change its own code. The links in
# node_modules/@owngateway lead to packages/ and stay links: Node strips no types below node_modules.
COPY --from=dependencies /app ./
COPY LICENSE ./
COPY packages packages
COPY services services
# The user `node` of the base image, by number, so that Kubernetes can see that it is not root.
USER 1000:1000
# Nothing is written but logs to stdout: the root file system may be read-only.
EXPOSE 8080 8081 8082 9090
STOPSIGNAL SIGTERM
# Alive, not ready: a store that is away is no reason to be started again. 8080 is the default of ingress; elsewhere set PORT.
HEALTHCHECK --interval=10s --timeout=4s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.PORT || 8080) + '/livez').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# node itself is the first process and handles SIGTERM; the services start no children.
ENTRYPOINT ["node"]
CMD ["services/ingress/src/main.ts"]
