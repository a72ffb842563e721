package io.aki.sample.web;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.aki.sample.SampleProperties;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.core.env.Profiles;
import org.springframework.http.HttpHeaders;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.csrf.CookieCsrfTokenRepository;
import org.springframework.security.web.csrf.CsrfException;
import org.springframework.security.web.csrf.CsrfTokenRepository;
import org.springframework.security.web.firewall.StrictHttpFirewall;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.web.servlet.config.annotation.ViewControllerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Configures Spring Security. With the profile {@code login}, users log in with a form.
 * Without it, each request belongs to the user {@code local}. Both ways have the same
 * protection against requests of other sites.
 */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {

	private static final String LOGIN = "/login";

	private static final String CONTENT_SECURITY_POLICY = "default-src 'self'; img-src 'self' data: blob:;"
			+ " media-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'self';"
			+ " frame-ancestors 'none'";

	@Bean
	SecurityFilterChain securityFilterChain(HttpSecurity http, Environment environment) {
		http.authorizeHttpRequests((requests) -> requests
			// these dispatches continue a request that was authorized
			.dispatcherTypeMatchers(DispatcherType.ASYNC, DispatcherType.ERROR)
			.permitAll()
			.requestMatchers("/*.css", "/*.js", "/webjars/**", "/actuator/health/**", LOGIN)
			.permitAll()
			.anyRequest()
			.hasRole("USER"));
		http.csrf((csrf) -> csrf.csrfTokenRepository(csrfTokenRepository()));
		http.headers(
				(headers) -> headers.contentSecurityPolicy((policy) -> policy.policyDirectives(CONTENT_SECURITY_POLICY))
					.referrerPolicy((policy) -> policy.policy(ReferrerPolicy.SAME_ORIGIN)));
		http.exceptionHandling((errors) -> errors.accessDeniedHandler(SecurityConfiguration::refuse)
			.defaultAuthenticationEntryPointFor(SecurityConfiguration::requireLogin, isCallOfProgram()));
		if (hasLogin(environment)) {
			http.formLogin((form) -> form.loginPage(LOGIN));
		}
		else {
			http.anonymous((user) -> user.principal("local").authorities("ROLE_USER"));
			http.logout((logout) -> logout.disable());
		}
		return http.build();
	}

	private static boolean hasLogin(Environment environment) {
		return environment.acceptsProfiles(Profiles.of("login"));
	}

	@Bean
	WebMvcConfigurer loginPage(Environment environment) {
		return new WebMvcConfigurer() {

			@Override
			public void addViewControllers(ViewControllerRegistry registry) {
				if (hasLogin(environment)) {
					registry.addViewController(LOGIN).setViewName("login");
				}
			}

		};
	}

	/**
	 * Keep the tokens in a cookie, and not in the session. A page can then still send
	 * requests after a restart of the server, and to another instance.
	 */
	private static CsrfTokenRepository csrfTokenRepository() {
		CookieCsrfTokenRepository repository = new CookieCsrfTokenRepository();
		repository.setCookieName("AKI_SAMPLE_CSRF");
		repository.setCookieCustomizer((cookie) -> cookie.sameSite("Lax"));
		return repository;
	}

	private static void refuse(HttpServletRequest request, HttpServletResponse response, AccessDeniedException ex)
			throws IOException {
		response.sendError(HttpServletResponse.SC_FORBIDDEN, (ex instanceof CsrfException)
				? "The CSRF token is missing or no longer valid. Reload the page" : "You may not do this");
	}

	private static void requireLogin(HttpServletRequest request, HttpServletResponse response,
			AuthenticationException ex) throws IOException {
		response.sendError(HttpServletResponse.SC_UNAUTHORIZED, "Log in first");
	}

	/**
	 * All other requests are redirected to the login page.
	 */
	private static RequestMatcher isCallOfProgram() {
		return (request) -> request.getServletPath().startsWith("/api/")
				|| !String.valueOf(request.getHeader(HttpHeaders.ACCEPT)).contains("text/html");
	}

	@Bean
	UserDetailsService userDetailsService(Environment environment) {
		Map<String, String> users = Binder.get(environment)
			.bind("sample.users", Bindable.mapOf(String.class, String.class))
			.orElseGet(Map::of);
		List<UserDetails> details = users.entrySet()
			.stream()
			.map((user) -> User.withUsername(user.getKey()).password(user.getValue()).roles("USER").build())
			.toList();
		return new InMemoryUserDetailsManager(details);
	}

	/**
	 * Accept only known host names. Otherwise, another site could point its own name to
	 * this server, and its pages would then have the same origin.
	 */
	@Bean
	StrictHttpFirewall httpFirewall(SampleProperties properties) {
		StrictHttpFirewall firewall = new StrictHttpFirewall();
		firewall.setAllowedHostnames((name) -> properties.allowedHosts().contains(name.toLowerCase(Locale.ROOT)));
		// PostgreSQL cannot store this character
		firewall.setAllowedParameterValues((value) -> value.indexOf('\0') < 0);
		return firewall;
	}

}
