package dev.thermae.samples.operaton;

/** A process with two scripts, which waits at its end. */
final class OrderProcess {
  private static final String XML =
      """
      <?xml version="1.0" encoding="UTF-8"?>
      <definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
                   xmlns:o="http://operaton.org/schema/1.0/bpmn"
                   targetNamespace="https://example.org/order">
        <process id="order" isExecutable="true">
          <startEvent id="start"/>
          <sequenceFlow id="f1" sourceRef="start" targetRef="price"/>
          <scriptTask id="price" scriptFormat="LANGUAGE" o:resultVariable="total">
            <script><![CDATA[PRICE]]></script>
          </scriptTask>
          <sequenceFlow id="f2" sourceRef="price" targetRef="rate"/>
          <scriptTask id="rate" scriptFormat="LANGUAGE" o:resultVariable="grade">
            <script><![CDATA[RATE]]></script>
          </scriptTask>
          <sequenceFlow id="f3" sourceRef="rate" targetRef="wait"/>
          <userTask id="wait"/>
        </process>
      </definitions>
      """;

  private static final String GROOVY_PRICE =
      "def rates = [10, 20, 30].collect { amount * it / 100 }\nrates.sum() as int";
  private static final String GROOVY_RATE = "total > 50 ? 'gold' : 'plain'";
  private static final String JAVASCRIPT_PRICE =
      "var sum = 0; [10, 20, 30].forEach(function (r) { sum += amount * r / 100; }); sum | 0";
  private static final String JAVASCRIPT_RATE = "total > 50 ? 'gold' : 'plain'";

  private OrderProcess() {}

  static String xml(String language) {
    boolean groovy = language.equals("groovy");
    return XML.replace("LANGUAGE", language)
        .replace("PRICE", groovy ? GROOVY_PRICE : JAVASCRIPT_PRICE)
        .replace("RATE", groovy ? GROOVY_RATE : JAVASCRIPT_RATE);
  }
}
