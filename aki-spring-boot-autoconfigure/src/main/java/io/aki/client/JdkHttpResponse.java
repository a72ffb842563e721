package io.aki.client;

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

	private @Nullable InputStream body;

	JdkHttpResponse(HttpResponse<InputStream> response) {
		this.response = response;
		this.headers = HttpHeaders.readOnlyHttpHeaders(CollectionUtils.toMultiValueMap(response.headers().map()));
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
			this.body = isCompressed() ? new GZIPInputStream(bytes) : bytes;
		}
		return this.body;
	}

	private boolean isCompressed() {
		return "gzip".equalsIgnoreCase(this.headers.getFirst(HttpHeaders.CONTENT_ENCODING))
				&& this.headers.getContentLength() != 0;
	}

	@Override
	public void close() {
		if (this.response.body() instanceof JdkAnswerBody answer) {
			answer.drain();
			answer.close();
		}
	}

}
