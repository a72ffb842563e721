package io.aki.client.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.util.zip.GZIPInputStream;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.util.CollectionUtils;

/**
 * A response of the JDK's engine.
 */
final class JdkHttpResponse implements ClientHttpResponse {

	private final HttpResponse<InputStream> response;

	private final HttpHeaders headers;

	private final boolean compressed;

	private @Nullable InputStream body;

	JdkHttpResponse(HttpResponse<InputStream> response) {
		this.response = response;
		HttpHeaders headers = HttpHeaders
			.readOnlyHttpHeaders(CollectionUtils.toMultiValueMap(response.headers().map()));
		this.compressed = "gzip".equalsIgnoreCase(headers.getFirst(HttpHeaders.CONTENT_ENCODING))
				&& headers.getContentLength() != 0;
		this.headers = this.compressed ? unpacked(headers) : headers;
	}

	@Override
	public HttpStatusCode getStatusCode() {
		return HttpStatusCode.valueOf(this.response.statusCode());
	}

	@Override
	public String getStatusText() {
		HttpStatus status = HttpStatus.resolve(this.response.statusCode());
		return (status != null) ? status.getReasonPhrase() : "";
	}

	@Override
	public HttpHeaders getHeaders() {
		return this.headers;
	}

	@Override
	public InputStream getBody() throws IOException {
		if (this.body == null) {
			InputStream bytes = this.response.body();
			this.body = this.compressed ? new GZIPInputStream(bytes) : bytes;
		}
		return this.body;
	}

	/**
	 * Remove the headers that describe the compressed body.
	 */
	private static HttpHeaders unpacked(HttpHeaders headers) {
		HttpHeaders unpacked = new HttpHeaders();
		unpacked.addAll(headers);
		unpacked.remove(HttpHeaders.CONTENT_ENCODING);
		unpacked.remove(HttpHeaders.CONTENT_LENGTH);
		return HttpHeaders.readOnlyHttpHeaders(unpacked);
	}

	/**
	 * Discard a small rest of the body so that the connection can be used again, and
	 * close the body, which aborts a larger rest.
	 */
	@Override
	public void close() {
		if (this.response.body() instanceof JdkResponseBody body) {
			body.discard();
		}
		try {
			InputStream opened = this.body;
			((opened != null) ? opened : this.response.body()).close();
		}
		catch (IOException ex) {
			// the connection is closed
		}
	}

}
