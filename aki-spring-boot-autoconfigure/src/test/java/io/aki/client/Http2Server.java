package io.aki.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import javax.net.ssl.SSLContext;

import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * A server that offers HTTP/2 and HTTP/1.1 over TLS. It records the protocol of each
 * request.
 */
public final class Http2Server implements AutoCloseable {

	private final Server server = new Server();

	private final ServerConnector connector;

	private final List<HttpVersion> versions = new CopyOnWriteArrayList<>();

	public Http2Server(SSLContext context) throws Exception {
		SslContextFactory.Server ssl = new SslContextFactory.Server();
		ssl.setSslContext(context);
		HttpConfiguration configuration = new HttpConfiguration();
		HttpConnectionFactory http1 = new HttpConnectionFactory(configuration);
		ALPNServerConnectionFactory alpn = new ALPNServerConnectionFactory();
		alpn.setDefaultProtocol(http1.getProtocol());
		this.connector = new ServerConnector(this.server, new SslConnectionFactory(ssl, alpn.getProtocol()), alpn,
				new HTTP2ServerConnectionFactory(configuration), http1);
		this.connector.setHost("localhost");
		this.server.addConnector(this.connector);
		this.server.setHandler(new Handler.Abstract() {

			@Override
			public boolean handle(Request request, Response response, Callback callback) throws IOException {
				Content.Source.consumeAll(request);
				Http2Server.this.versions.add(request.getConnectionMetaData().getHttpVersion());
				response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
				response.write(true,
						ByteBuffer.wrap("{\"success\":true,\"endpoints\":[]}".getBytes(StandardCharsets.UTF_8)),
						callback);
				return true;
			}

		});
		this.server.start();
	}

	public String url() {
		return "https://localhost:" + this.connector.getLocalPort();
	}

	/**
	 * Return the protocol of each request.
	 */
	public List<HttpVersion> versions() {
		return this.versions;
	}

	@Override
	public void close() {
		LifeCycle.stop(this.server);
	}

}
