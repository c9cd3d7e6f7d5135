declare module "*.svg?icon" {
  const drawing: string;
  export default drawing;
}
