package io.aki.sample.web;

import java.util.Map;

import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Returns the CSRF token to programs. Pages have it in their head. A page of another site
 * cannot read the response.
 */
@RestController
class CsrfController {

	@GetMapping("/api/csrf")
	Map<String, String> token(CsrfToken token) {
		return Map.of("header", token.getHeaderName(), "token", token.getToken());
	}

}
